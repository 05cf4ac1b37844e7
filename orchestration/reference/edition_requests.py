"""Which editions this run was asked for. An edition is a council × an as-at month."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.files import put_in_place
from orchestration.reference.calendar import is_month, month_end
from orchestration.reference.tables import Reference


class EditionError(ValueError):
    """The edition asked for cannot be understood; the message says what to write instead."""


@dataclass(frozen=True)
class EditionRequest:
    """`as_at` is a month end; empty means the newest month in that council's accepted data."""

    geography_code: str
    as_at: date | None


def requested_editions(council: str, as_at: str, reference: Reference) -> list[EditionRequest]:
    """The edition of `council` and `as_at` (YYYY-MM or empty), else those of `seeds/editions.csv`.

    `council` is any code that it has or had. A pool has none of its own: each of its councils has.
    Raises `EditionError`.
    """
    if council:
        todays = reference.area_codes.get(council.strip().upper())
        if todays is None:
            raise EditionError("COUNCIL is no code of an area in seeds/reference/authorities.csv")
        return [EditionRequest(todays, asked_for(as_at))]
    if as_at:
        raise EditionError("AS_AT was given without COUNCIL: set both, or neither")
    is_of_a_pool = not reference.council and reference.table("pool").rows
    rows = () if is_of_a_pool else reference.table("editions").rows
    return [EditionRequest(row["geography_code"], row["as_at"]) for row in rows]


def read_requests(path: Path) -> list[EditionRequest]:
    """What `write_requests` wrote."""
    import pyarrow.parquet as pq

    return [EditionRequest(**row) for row in pq.read_table(path).to_pylist()]


def asked_for(month: str) -> date | None:
    """The last day of `month` (YYYY-MM); None for an empty text. Raises `EditionError`."""
    if not month:
        return None
    if not is_month(month):
        raise EditionError("an as-at month is written YYYY-MM, for example 2019-09")
    return month_end(month)


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
    with put_in_place(path) as temporary:
        pq.write_table(table, temporary)
