"""What DuckDB reads from Parquet files, as tables of PostgreSQL with the same columns and types."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg2
from psycopg2.extensions import connection

from orchestration.deliveries.rows.archive import readable

# The types that check-in writes (`archive_columns`) have the same names in both.
TYPES = {"VARCHAR", "DATE", "TIMESTAMP", "BIGINT", "BOOLEAN"}
TYPES |= {"DECIMAL(18,6)", "DECIMAL(18,12)", "DECIMAL(38,6)"}


def connect(server: Mapping[str, str]) -> connection:
    """A connection to a server as `server.running` describes it."""
    return psycopg2.connect(
        host=server["KPI_POSTGRES_HOST"],
        port=server["KPI_POSTGRES_PORT"],
        user=server["KPI_POSTGRES_USER"],
        password=server["KPI_POSTGRES_PASSWORD"],
        dbname=server["KPI_POSTGRES_DBNAME"],
    )


def tables(raw: Path, figures: Path, reference: Path) -> dict[str, str]:
    """A table for each source of dbt -> the files of its rows, as DuckDB reads them."""
    files = {f"deliveries.{each.name}": f"{readable(each)}/*.parquet" for each in raw.iterdir()}
    files |= {f"reference.{each.stem}": readable(each) for each in reference.iterdir()}
    files["reference.editions"] = files.pop("deliveries.editions")
    files["region.council_figures"] = files.pop("deliveries.council_figures")
    files["ledger.figures_ledger"] = f"{readable(figures)}/*.parquet"
    files["ledger.inputs"] = f"{readable(figures)}/inputs/*.parquet"
    return files


def load(
    server: Mapping[str, str], raw: Path, figures: Path, reference: Path, scratch: Path
) -> dict[str, int]:
    """Copy every table below `raw`, the ledger in `figures`, and the files in `reference`; how many
    rows each has.

    A schema is called like the dbt source, a table like the source's table.
    """
    files = tables(raw, figures, reference)
    loaded = {}
    with (
        closing(connect(server)) as target,
        target,
        target.cursor() as cursor,
        duckdb.connect() as source,
    ):
        cursor.execute(
            "create schema deliveries; create schema reference; create schema ledger;"
            " create schema region"
        )
        for table, pattern in sorted(files.items()):
            rows = source.read_parquet(pattern, union_by_name=True)
            kinds = dict(zip(rows.columns, map(str, rows.types), strict=True))
            assert set(kinds.values()) <= TYPES, table
            columns = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
            cursor.execute(f"create table {table} ({columns})")
            # In both an empty field is null and a quoted empty one is the empty text.
            csv = scratch / f"{table}.csv"
            rows.to_csv(str(csv), header=False)
            with csv.open(encoding="utf-8") as lines:
                cursor.copy_expert(f"copy {table} from stdin (format csv)", lines)
            loaded[table] = cursor.rowcount
        cursor.execute("analyze")
    return loaded
