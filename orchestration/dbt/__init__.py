"""dbt inside Dagster: the one project and its manifest, its models as assets, its build as events.
What is said of a build is worked out in `mart/`, which knows neither of the two."""
