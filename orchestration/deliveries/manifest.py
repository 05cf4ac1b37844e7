"""What `extract_manifest.csv` says of the other files of its delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.deliveries.archive import readable
from orchestration.deliveries.contract import MANIFEST
from orchestration.deliveries.layout import Paths


@dataclass(frozen=True)
class Stated:
    """The last day an extract covers, its number of rows, the file's SHA-256 (lower case) and how
    many years back it goes (None where that is not said)."""

    as_at: date
    rows: int
    sha256: str
    timeframe_years: int | None = None


def stated(connection: duckdb.DuckDBPyConnection, paths: Paths, month: str) -> Mapping[str, Stated]:
    """Extract -> what the accepted manifest of `month` says of it, the latest word where it has
    several; empty where no manifest was accepted."""
    file = paths.raw_file(MANIFEST.name, month)
    if not file.exists():
        return {}
    rows = connection.execute(
        """
        select lower(extract), data_as_at, row_count, lower(sha256), timeframe_years
        from read_parquet($file) order by extracted_at
        """,
        {"file": readable(file)},
    ).fetchall()
    return {extract: Stated(*said) for extract, *said in rows}
