"""The Dagster project: deliveries in, KPI mart in the middle, committee files and alerts out."""

import gc

# What is loaded stays: looking through it for garbage again and again took a seventh of the time in
# which a command starts, and a fifth of that in which a pack is made.
gc.set_threshold(50_000, 10, 10)
