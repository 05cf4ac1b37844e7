"""Whether the rows of an extract stop long before the last day that the delivery covers, or none of
them ever ends.

They stop early where a delivery lies in the folder of a later month than its own, or was drawn
before the month was over: the days behind the last row would be told as days on which nothing
happened. None ends where the ends were not exported: all that ever began would be told as open.
"""

from datetime import timedelta
from pathlib import Path

import duckdb

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.workshop import Delivery
from orchestration.reference.calendar import month_end

# No office is closed for so long; what an extract covers may reach into the month after its own.
_QUIET_DAYS = 14
# So many rows are missing by chance once in five hundred million times (a Poisson count of 0).
_ROWS_EXPECTED = 20
# A referral counts on its day alone, and a status of asylum often lasts.
_NOT_BY_END = ("ssd_cin_episodes", "ssd_immigration_status")


def ends_early(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, file: Path
) -> Finding | None:
    """The remark on the good rows in `file`, if there is one: after the newest of them there are
    days in which many would have come at the pace of the year before it.

    Only of what happens all the year round: schools have holidays, and what a council writes itself
    comes when it comes. Of returns the last day is that of the return. Raises `duckdb.Error`.
    """
    contract = delivery.contract
    day = contract.happened_on
    if contract.class_ != "ssd" or contract.fuller_stands or delivery.origin or day is None:
        return None
    count, quiet = archive.one_row(
        connection,
        f"""
        with days as (select cast("{day.name}" as date) as day from ({archive.rows_of(file)}))
        select
            count(*) filter (where day > newest - 365),
            date '{_last_day(delivery)}' - max(newest)
        from days cross join (select max(day) as newest from days)
        """,
    )
    # a year without any says no more of an extract that has few rows a year
    expected = (count or 0) * min(quiet or 0, 365) / 365
    if expected < _ROWS_EXPECTED or quiet < _QUIET_DAYS:
        return None
    return finding("ROWS-END-EARLY", column=day.name)


def never_end(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, file: Path
) -> Finding | None:
    """The remark on the good rows in `file` where every one of many is open, if figures read when
    what began has ended. Raises `duckdb.Error`."""
    contract = delivery.contract
    end = contract.ended_on
    if contract.class_ != "ssd" or contract.name in _NOT_BY_END or delivery.origin:
        return None
    if end is None or not end.in_figures:
        return None
    rows, ended = archive.one_row(
        connection, f'select count(*), count("{end.name}") from ({archive.rows_of(file)})'
    )
    if ended or rows < _ROWS_EXPECTED:
        return None
    return finding("ROWS-NEVER-END", column=end.name)


def _last_day(delivery: Delivery) -> str:
    """The last day of the month, of a delivery that reaches a few days into the next one."""
    last = month_end(delivery.month)
    is_near = last < delivery.as_at <= last + timedelta(days=_QUIET_DAYS)
    return (last if is_near else delivery.as_at).isoformat()
