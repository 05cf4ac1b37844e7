"""Which editions this run was asked for. An edition is a council × an as-at month."""

import calendar
import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path


class EditionError(ValueError):
    """The edition asked for cannot be understood; the message says what to write instead."""


@dataclass(frozen=True)
class EditionRequest:
    """`as_at` is a month end; empty means the newest month in that council's accepted data."""

    geography_code: str
    as_at: date | None


def requested_editions(council: str, as_at: str, seed: Path) -> list[EditionRequest]:
    """The edition of `council` and `as_at` (YYYY-MM or empty), else those of `seed`.

    `seed` is a CSV with columns geography_code and as_at. Raises `EditionError`.
    """
    if council:
        return [EditionRequest(council, month_end(as_at))]
    if as_at:
        raise EditionError("AS_AT was given without COUNCIL: set both, or neither")
    with seed.open(encoding="utf-8", newline="") as lines:
        return [
            EditionRequest(row["geography_code"], month_end(row["as_at"]))
            for row in csv.DictReader(lines)
        ]


def read_requests(path: Path) -> list[EditionRequest]:
    """What `write_requests` wrote."""
    import pyarrow.parquet as pq

    return [EditionRequest(**row) for row in pq.read_table(path).to_pylist()]


def month_end(month: str) -> date | None:
    """The last day of `month` (YYYY-MM); None for an empty text. Raises `EditionError`."""
    if not month:
        return None
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise EditionError("an as-at month is written YYYY-MM, for example 2019-09")
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def write_requests(requests: list[EditionRequest], path: Path) -> None:
    """One row per request (geography_code, as_at) as the Parquet file that dbt reads."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "geography_code": pa.array([r.geography_code for r in requests], pa.string()),
            "as_at": pa.array([r.as_at for r in requests], pa.date32()),
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    pq.write_table(table, part)
    part.replace(path)
