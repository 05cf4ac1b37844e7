"""The Dagster project: deliveries in, KPI mart in the middle, committee files and alerts out."""
