"""The rows that DuckDB reads from Parquet files, as tables of Spark over the same files."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb


def statements(files: Mapping[str, str]) -> list[str]:
    """SQL that names each table, with the columns and types that DuckDB finds in all of its files.

    A column that came later is absent from older files, and empty in Spark as in DuckDB.
    """
    told = []
    with duckdb.connect() as source:
        for table, pattern in sorted(files.items()):
            rows = source.read_parquet(pattern, union_by_name=True)
            kinds = [str(kind).replace("VARCHAR", "STRING") for kind in rows.types]
            columns = ", ".join(
                f"`{column}` {kind}" for column, kind in zip(rows.columns, kinds, strict=True)
            )
            place = Path(pattern).parent if "*" in pattern else pattern
            told.append(f"create table {table} ({columns}) using parquet location '{place}'")
    schemas = sorted({table.partition(".")[0] for table in files})
    return [f"create schema {schema}" for schema in schemas] + told


def run(told: list[str]) -> None:
    """The statements, in a session that ends here: the metastore takes one at a time."""
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.enableHiveSupport().getOrCreate()
    for statement in told:
        spark.sql(statement)
    spark.stop()


if __name__ == "__main__":
    run(json.load(sys.stdin))
