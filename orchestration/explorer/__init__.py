"""The marts for people without SQL: a star of Parquet files for Power BI and Excel, and the same,
with names in place of keys, for the local explorer (Datasette)."""
