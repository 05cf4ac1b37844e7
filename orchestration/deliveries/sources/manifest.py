"""What `extract_manifest.csv` says of the other files of its delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.contract.extracts import MANIFEST
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.rows.archive import rows_of


@dataclass(frozen=True)
class Stated:
    """The last day an extract covers, its number of rows, the file's SHA-256 (lower case), how
    many years back it goes and the day from which it is complete (None where that is not said).
    `origin` is the format of the return that it was made of, empty for an extract itself."""

    as_at: date
    rows: int
    sha256: str
    timeframe_years: int | None = None
    data_from: date | None = None
    source_system: str = ""
    origin: str = ""


def stated(connection: duckdb.DuckDBPyConnection, paths: Paths, month: str) -> Mapping[str, Stated]:
    """Extract -> what the accepted manifest of `month` says of it, the latest word where it has
    several; empty where no manifest was accepted.

    Years are counted back from the day of the query, as the sources' own scripts do, or from the
    last day covered where that is later.
    """
    file = paths.raw_file(MANIFEST.name, month)
    if not file.exists():
        return {}
    # an older manifest lacks the columns that came later: the file without rows has them
    rows = connection.execute(
        f"""
        select
            lower(extract), data_as_at, row_count, lower(sha256), timeframe_years,
            coalesce(
                data_from,
                cast(
                    greatest(data_as_at, cast(extracted_at as date))
                    - to_years(cast(timeframe_years as integer)) as date
                )
            ),
            source_system
        from ({rows_of(paths.empty_file(MANIFEST.name), file)}) order by extracted_at
        """
    ).fetchall()
    return {extract: Stated(*said) for extract, *said in rows}
