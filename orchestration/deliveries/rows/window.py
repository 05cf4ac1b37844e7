"""From which day an extract is complete: said by its manifest, or else found out from its rows.

A source reaches back to a day and no further, and by its own rule: visits and contacts since that
day, plans, placements and episodes that ended since then or are open, referrals that began since
then or are open. Whatever the rule, of what is over nothing was over before that day. Rows still
open are there however old they are, so the oldest date of an extract says nothing.

A source of one's own may reach back to a day by another rule: rows that began since then. What was
under way then and is over is missing, and long after that day there are too few. It shows in the
rows: nothing that is over began before that day, though by how long rows last some should have.
Where an extract has too few rows to show it, another of its delivery does: scripts cut all extracts
of a case system by one day. Where no row at all began before it, what is still under way is missing
too. Many rows that began on the first day of all were taken over by a system that is younger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median
from typing import Literal

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.contract.extracts import Extract

# So many rows are expected in the months that are looked at, that chance does not take three of
# four away, and no fewer months than these: a quiet summer is no edge.
_EXPECTED = 24
_FEWEST_MONTHS = 3
# Below a quarter of what is usual in the year after, the rows have fallen off.
_FALLEN_OFF = 0.25
_MONTHS_AFTER = 12
# So many rows are expected to have begun before the first one that is there, that chance does not
# take all of them away in any extract of years of deliveries; for each straggler some more.
_EXPECTED_BEFORE = 8
_FOR_A_STRAGGLER = 4
_STRAGGLERS = 3
# Sources reach back two to six years. Where rows begin longer ago, a system began: few of those
# that were under way then are still missed in the years that are printed.
_LONGEST_WINDOW = 7 * 365
# A system that takes over what is under way may say of all of it that it began that day.
_TAKEN_OVER = 5
# The first row that is there began some time after the day by which rows were chosen: one of
# another extract that began not so long before it may have been chosen by the same day.
_CLEARLY_BEFORE = 92

Days = NDArray[np.int64]


@dataclass(frozen=True)
class Window:
    """The day from which an extract is complete, and how that is known.

    `data_from` is None where an extract has no window, as reference data have none. `by_start`:
    it was found that rows were left out by the day on which they began.
    """

    data_from: date | None = None
    known_by: Literal["", "said", "found"] = ""
    by_start: bool = False


@dataclass(frozen=True)
class Cut:
    """Rows were chosen by the day on which they began: those since `since` are there, and earlier
    ones that are still under way where `keeps_open`."""

    since: date
    keeps_open: bool


@dataclass(frozen=True)
class Delivered:
    """An extract's accepted rows, a relation in SQL, and the last day that they cover."""

    contract: Extract
    rows: str
    as_at: date


@dataclass(frozen=True)
class _Spells:
    """Days before the last day covered: on which rows that are over `began` and `ended`, and on
    which those began that are `under_way`."""

    began: Days
    ended: Days
    under_way: Days


def window(
    connection: duckdb.DuckDBPyConnection,
    delivered: Delivered,
    said: date | None,
    cut: Cut | None = None,
) -> Window:
    """The window of a delivery: `said` by its manifest, or else found in its rows.

    `cut`: how extracts of the same case system were cut by the start of their rows
    (`cut_by_start`). Raises `duckdb.Error`.
    """
    contract, as_at = delivered.contract, delivered.as_at
    if contract.history != "own" or contract.class_ not in ("ssd", "sen", "local"):
        return Window()
    if said:
        return Window(said, "said")
    if not contract.closed_on:
        return Window()
    edge = _edge_of(connection, delivered)
    if not _lasts(contract):
        return Window(edge, "found")
    spells = _spells(connection, delivered)
    since = _cut_since(spells, (edge - as_at).days)
    if since is None and (cut is None or _before(spells.began, cut.since, as_at)):
        return Window(edge, "found")
    first = cut.since if cut else as_at + timedelta(days=since or 0)
    keeps_open = bool((cut and cut.keeps_open) or _before(spells.under_way, first, as_at))
    complete = complete_from(spells.began, spells.ended, spells.under_way, as_at, keeps_open)
    return Window(max(edge, complete), "found", True)


def cut_by_start(
    connection: duckdb.DuckDBPyConnection, delivered: Iterable[Delivered]
) -> Cut | None:
    """How all extracts of one delivery of one case system were cut by the start of their rows;
    None where no extract shows that, or one of them shows that earlier rows are there.

    One that is alone in it may be of a system that began that day. Raises `duckdb.Error`.
    """
    told = [
        (each, _edge_of(connection, each), _spells(connection, each))
        for each in delivered
        if _lasts(each.contract)
    ]
    days = [
        each.as_at + timedelta(days=since)
        for each, edge, spells in told
        if (since := _cut_since(spells, (edge - each.as_at).days)) is not None
    ]
    first = min(days, default=None) or _none_older(told)
    if first is None:
        return None
    is_contradicted = any(
        _before(spells.began, first, each.as_at) > _STRAGGLERS for each, _, spells in told
    )
    if is_contradicted:
        return None
    under_way = (_before(spells.under_way, first, each.as_at) for each, _, spells in told)
    return Cut(first, any(rows > _STRAGGLERS for rows in under_way))


def _none_older(told: Sequence[tuple[Delivered, date, _Spells]]) -> date | None:
    """The day before which no row of any extract began, over or not, though of those under way so
    many began in the first half of the time since, in two extracts at least, that older ones should
    be there: in each half as many fewer as in the half before."""
    begun = [spells.began for _, _, spells in told] + [spells.under_way for _, _, spells in told]
    first = int(np.min(np.concatenate(begun), initial=0)) if told else 0
    older = [spells.under_way[2 * spells.under_way < first] for _, _, spells in told]
    old, young = sum(map(len, older)), sum(len(spells.under_way) for _, _, spells in told)
    expected = old**2 / max(young - 2 * old, 1)
    is_missed = expected >= _EXPECTED_BEFORE and sum(map(bool, map(len, older))) > 1
    is_cut = is_missed and -first <= _LONGEST_WINDOW
    if not is_cut or _is_taken_over(np.concatenate(older), first):
        return None
    return told[0][0].as_at + timedelta(days=first)


def _is_taken_over(began: Days, first: int) -> bool:
    """Whether many rows began on the very first day: what was under way when a system began."""
    soon = began[(began >= first) & (began < first + _CLEARLY_BEFORE)]
    on_the_day = int(np.sum(soon == first))
    return on_the_day >= _TAKEN_OVER and 3 * on_the_day >= len(soon)


def _lasts(contract: Extract) -> bool:
    """Whether rows of the extract last from day to day, and are not counted by their start."""
    start = contract.happened_on
    lasts = start is not None and contract.closed_on not in ("", start.name)
    return lasts and not contract.counted_by_start


def _before(began: Days, day: date, as_at: date) -> int:
    """How many rows began clearly before a day."""
    return int(np.sum(began < (day - as_at).days - _CLEARLY_BEFORE))


def _edge_of(connection: duckdb.DuckDBPyConnection, delivered: Delivered) -> date:
    contract = delivered.contract
    over, start = contract.closed_on, contract.happened_on
    # an end that no figure needs may be missing or no date, of rows that are soon over
    if start and not all(each.in_figures for each in contract.columns if each.name == over):
        over = f"coalesce({over}, {start.name})"
    days = connection.execute(
        f"""
        select cast({over} as date) as closed_on, count(*)
        from {delivered.rows} where closed_on <= $as_at group by closed_on
        """,
        {"as_at": delivered.as_at},
    ).fetchall()
    return found(dict(days), delivered.as_at)


def _spells(connection: duckdb.DuckDBPyConnection, delivered: Delivered) -> _Spells:
    contract, rows, as_at = delivered.contract, delivered.rows, delivered.as_at
    assert contract.happened_on
    start = contract.happened_on.name
    both = connection.execute(
        f"""
        select date_diff('day', $as_at, cast({start} as date)) as began,
            date_diff('day', $as_at, cast({contract.closed_on} as date)) as ended
        from {rows} where {contract.closed_on} <= $as_at and {start} <= {contract.closed_on}
        """,
        {"as_at": as_at},
    ).fetchnumpy()
    began, ended = (np.asarray(both[name], dtype=np.int64) for name in ("began", "ended"))
    still_open = connection.execute(
        f"""
        select date_diff('day', $as_at, cast({start} as date)) as began from {rows}
        where coalesce({contract.closed_on} > $as_at, true) and {start} <= $as_at
        """,
        {"as_at": as_at},
    ).fetchnumpy()
    return _Spells(began, ended, np.asarray(still_open["began"], dtype=np.int64))


def _cut_since(spells: _Spells, edge: int) -> int | None:
    return cut_since(spells.began, spells.ended, spells.under_way, edge)


def cut_since(began: Days, ended: Days, under_way: Days, edge: int) -> int | None:
    """The first day on which a row began, where rows that are over and began earlier were left out;
    None where none seem to be missing.

    `began` and `ended` are days of rows that are over, `under_way` the beginnings of those that
    are not, as days before the last day covered; `edge` is the day from which rows seem to be
    complete by their ends.
    """
    since = began >= edge
    lasted, so_far = (ended - began)[since], -under_way[under_way >= edge]
    for before, first in enumerate(np.sort(began)[: 1 + _STRAGGLERS]):
        expected = float(np.sum(_lasting(lasted, so_far, ended - first)))
        is_missed = expected >= _EXPECTED_BEFORE + _FOR_A_STRAGGLER * before
        is_cut = is_missed and -first <= _LONGEST_WINDOW
        if is_cut and not _is_taken_over(np.concatenate([began, under_way]), first):
            return int(first)
    return None


def _lasting(lasted: Days, so_far: Days, days: Days) -> NDArray[np.float64]:
    """Which share of the rows that end some day last longer than `days`, by those that began when
    all rows were known: some are over (`lasted`), some are not (`so_far`).

    The estimate of Kaplan and Meier. Of times longer than any that could be seen it says none, and
    of rows that were not seen to end that they never do.
    """
    times = np.concatenate([lasted, so_far])
    if not len(lasted):
        return np.zeros(len(days))
    is_over = np.repeat([True, False], [len(lasted), len(so_far)])
    order = np.lexsort((~is_over, times))
    times, is_over = times[order], is_over[order]
    left = np.cumprod(1 - is_over / np.arange(len(times), 0, -1))
    at = np.searchsorted(times, days, side="right") - 1
    share = np.where(at < 0, 1.0, left[np.maximum(at, 0)])
    ending = 1 - left[-1]
    longer: NDArray[np.float64] = np.where(days > times[-1], 0.0, (share - left[-1]) / ending)
    return longer


def complete_from(began: Days, ended: Days, under_way: Days, as_at: date, keeps_open: bool) -> date:
    """The day from which nothing can be missing of rows that were left out by their start: after
    twice the longest time of all, as one that is missed may have lasted longer; the first of a
    month. Days are those of `cut_since`; `keeps_open` says whether rows under way are there however
    old they are.

    Where that is longer than the time that is there, or too few rows tell it, only what is still
    under way is known, and so the last day alone; where that was left out too, nothing is.
    """
    last = as_at if keeps_open else as_at + timedelta(days=1)
    if len(began) < _EXPECTED:
        return last
    first = int(np.min(began))
    so_far = -under_way[under_way >= first]
    longest = max(int(np.max(ended - began)), int(np.max(so_far, initial=0)))
    if 2 * longest > -first:
        return last
    return min(_next_month(as_at + timedelta(days=first + 2 * longest)), last)


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
    return min(begins if begins.day == 1 else _next_month(begins), newest)


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


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _month(day: date) -> int:
    return day.year * 12 + day.month
