"""From which day an extract is complete: said by its manifest, or else found out from its rows.

A source reaches back to a day and no further, and by its own rule: visits and contacts since that
day, plans, placements and episodes that ended since then or are open, referrals that began since
then or are open. Whatever the rule, of what is over nothing was over before that day. Rows still
open are there however old they are, so the oldest date of an extract says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median
from typing import Literal

import duckdb

from orchestration.contract.extracts import Extract

# So many rows are expected in the months that are looked at, that chance does not take three of
# four away, and no fewer months than these: a quiet summer is no edge.
_EXPECTED = 24
_FEWEST_MONTHS = 3
# Below a quarter of what is usual in the year after, the rows have fallen off.
_FALLEN_OFF = 0.25
_MONTHS_AFTER = 12


@dataclass(frozen=True)
class Window:
    """The day from which an extract is complete, and how that is known.

    `data_from` is None where an extract has no window, as reference data have none.
    """

    data_from: date | None = None
    known_by: Literal["", "said", "found"] = ""


def window(
    connection: duckdb.DuckDBPyConnection,
    contract: Extract,
    rows: str,
    as_at: date,
    said: date | None,
) -> Window:
    """The window of a delivery: `said` by its manifest, or else found in the accepted rows, a
    relation in SQL.

    `as_at` is the last day that it covers. Raises `duckdb.Error`.
    """
    if contract.history != "own" or contract.class_ not in ("ssd", "sen", "local"):
        return Window()
    if said:
        return Window(said, "said")
    if not contract.closed_on:
        return Window()
    days = connection.execute(
        f"""
        select cast({contract.closed_on} as date) as closed_on, count(*)
        from {rows} where closed_on <= $as_at group by closed_on
        """,
        {"as_at": as_at},
    ).fetchall()
    return Window(found(dict(days), as_at), "found")


def found(closed: Mapping[date, int], as_at: date) -> date:
    """The first of a month from which an extract is complete, by how many of its rows were over on
    which day.

    The first whole month after the edge at which their number falls off: a few stragglers before
    it are no history. The month of `as_at` is always known, if only from the rows still open. A
    month and not the day, which would be a cell of somebody's row.
    """
    newest = as_at.replace(day=1)
    if not closed:
        return newest
    first = _month(min(closed))
    counts = [0] * (_month(as_at) - first + 1)
    for day, rows in closed.items():
        counts[_month(day) - first] += rows
    edge = first + _edge(counts)
    begins = min(day for day in closed if _month(day) >= edge)
    if begins.day > 1:
        begins = (begins.replace(day=1) + timedelta(days=31)).replace(day=1)
    return min(begins, newest)


def _edge(counts: list[int]) -> int:
    """The newest month before which far fewer rows were over than in the year after it."""
    for month in range(len(counts) - _FEWEST_MONTHS, 0, -1):
        if not counts[month]:
            continue
        usual = median(counts[month : month + _MONTHS_AFTER])
        months = max(_FEWEST_MONTHS, ceil(_EXPECTED / usual)) if usual else len(counts)
        before = counts[max(0, month - months) : month]
        # nothing can be told from fewer months, except that there was nothing at all before them
        if len(before) == months and sum(before) < _FALLEN_OFF * usual * months:
            return month
    return 0


def _month(day: date) -> int:
    return day.year * 12 + day.month
