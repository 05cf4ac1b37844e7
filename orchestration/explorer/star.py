"""The marts as a star: facts and what they are about, joined by one column, and a dictionary.

Power BI and Excel relate tables by single columns; in the marts a period has three, a part two.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_PERIOD = "period_type || ' ' || period_start || '/' || period_end"
_PART = "breakdown || '|' || breakdown_value"
_FIGURES = f"""
    select
        {_PERIOD} as period_id,
        {_PART} as part_id,
        * exclude (period_type, period_start, period_end, breakdown, breakdown_value)
    from marts.
"""

# name -> (the mart that its columns are described in first, its key, its rows)
TABLES = {
    "dim_indicator": ("dim_indicator", "indicator_id", "from marts.dim_indicator"),
    "dim_geography": ("dim_geography", "geography_code", "from marts.dim_geography"),
    "dim_period": ("dim_period", "period_id", "from marts.dim_period"),
    "dim_part": (
        "dim_part",
        "part_id",
        f"""
        select
            {_PART} as part_id, breakdown, breakdown_value,
            coalesce(any_value(breakdown_label), breakdown) as breakdown_label,
            coalesce(any_value(part_label), breakdown_value) as part_label,
            any_value(place) as place
        from (from marts.kpi_monthly union all by name from marts.kpi_quarterly
            union all by name from marts.kpi_yearly)
        left join marts.dim_breakdown using (indicator_id, breakdown)
        left join (select * rename (part as breakdown_value) from marts.dim_part)
            using (breakdown, breakdown_value)
        group by breakdown, breakdown_value
        """,
    ),
    "kpi_figures": (
        "kpi_monthly",
        "",
        " union all by name ".join(
            _FIGURES.rstrip() + mart for mart in ("kpi_monthly", "kpi_quarterly", "kpi_yearly")
        ),
    ),
    "kpi_trends": (
        "kpi_trends",
        "",
        f"select {_PERIOD.replace('period_type', chr(39) + 'month' + chr(39))} as period_id,"
        " * exclude (period_start, period_end) from marts.kpi_trends",
    ),
    "kpi_benchmarks": ("kpi_benchmarks", "", "from marts.kpi_benchmarks"),
    "kpi_standings": ("kpi_standings", "", "from marts.kpi_standings"),
    "kpi_dashboard": ("kpi_dashboard", "", "from marts.kpi_dashboard"),
}
# what a column of the same name is not described by in the table's own mart
_OF_KEYS = {
    "part_id": "Key of the part, of what it is split by and the code of the part.",
    "breakdown_label": "What it is split by, in words.",
}
REFERS_TO = {key: table for table, (_, key, _) in TABLES.items() if key}


@dataclass(frozen=True)
class Column:
    """A row of the dictionary; `refers_to` is the table whose key it is, empty for others."""

    table: str
    name: str
    type: str
    refers_to: str
    description: str


@contextmanager
def star(warehouse: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
    """The tables as views of a connection in memory; `warehouse` is only read."""
    import duckdb

    with duckdb.connect() as connection:
        place = str(warehouse).replace("'", "''")
        connection.execute(f"attach '{place}' as whole (read_only)")
        connection.execute("use whole")
        for name, (_, _, rows) in TABLES.items():
            connection.execute(f"create temp view {name} as {rows}")
        yield connection


def dictionary(connection: "duckdb.DuckDBPyConnection") -> list[Column]:
    """Every column of every table, as the marts describe it."""
    said = {
        (table, column): text
        for table, column, text in connection.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where database_name = 'whole' and schema_name = 'marts'"
        ).fetchall()
    }
    columns = []
    for table, (mart, key, _) in TABLES.items():
        for name, kind, *_ in connection.execute(f"describe temp.main.{table}").fetchall():
            refers_to = REFERS_TO.get(name, "") if name != key else ""
            told = [said.get((place, name)) for place in (mart, "kpi_yearly", "dim_period")]
            text = _OF_KEYS.get(name) or next(each for each in told if each)
            columns.append(Column(table, name, kind.lower(), refers_to, text))
    return columns


def has_synthetic(warehouse: Path) -> bool:
    """Whether a made-up council is among the areas that have figures."""
    with star(warehouse) as connection:
        return bool(
            connection.execute(
                "select count(*) from temp.main.kpi_dashboard join temp.main.dim_geography"
                " using (geography_code) where authority_status = 'synthetic'"
            ).fetchall()[0][0]
        )


def star_files(warehouse: Path) -> dict[str, bytes]:
    """A Parquet file for each table, and `dictionary.csv`."""
    files = {}
    with star(warehouse) as connection, tempfile.TemporaryDirectory() as folder:
        for name in TABLES:
            file = Path(folder) / f"{name}.parquet"
            connection.execute(
                f"copy (from temp.main.{name} order by all) to '{file}' (compression zstd)"
            )
            files[file.name] = file.read_bytes()
        columns = dictionary(connection)
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(field.name for field in fields(Column))
    written.writerows(map(astuple, columns))
    # with its mark, so that Excel reads it as UTF-8
    files["dictionary.csv"] = ("\ufeff" + text.getvalue()).encode()
    return files
