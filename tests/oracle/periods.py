"""Periods, roll-ups, empty figures and the first month of a series [G11, G12, G13, G14]."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .calendar import ONE_DAY, add_months, month_end, month_end_before, month_start
from .cohorts import World
from .filled import is_filled

TOTAL = ("total", "total")
Slice = tuple[str, str]  # breakdown, breakdown value
Member = tuple[bool, Mapping[str, str]]  # whether it meets the test, its breakdown values
Timeframe = int | Mapping[str, int] | None
# What is looked back at without a limit: first day of each chain and the last that it speaks for.
Chains = Callable[[World], Iterable[tuple[date, date | None]]]


@dataclass(frozen=True)
class Shape:
    """How rows become a figure: count, ratio, distinct or median; a percentage scales by 100."""

    kind: str
    scale: int = 1


COUNT, DISTINCT, MEDIAN = Shape("count"), Shape("distinct"), Shape("median")
RATIO, PERCENT = Shape("ratio"), Shape("ratio", 100)


@dataclass(frozen=True)
class Fact:
    """One row counted on one day: what it adds to both sides, or what is measured of it.

    `reasons` say why it missed; each is a share of all that missed.
    """

    on: date
    numerator: float = 1
    denominator: float = 1
    person: str | None = None
    slices: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """The figure of one day, and its parts by breakdown value."""

    numerator: float
    denominator: float | None = None
    parts: Mapping[Slice, tuple[float, float | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Flow:
    """An indicator made of rows that each belong to one day."""

    name: str
    shape: Shape
    rows: Callable[[World], Iterable[Fact]]
    needs: tuple[str, ...]
    starts: str | None
    history_months: int
    academic: bool
    calendar_years: bool
    chains: Chains | None


@dataclass(frozen=True)
class Snapshot:
    """An indicator read at each month end; no reading means no figure."""

    name: str
    shape: Shape
    read: Callable[[World, date], Reading | None]
    needs: tuple[str, ...]
    starts: str | Callable[[World], date | None]
    history_months: int
    chains: Chains | None


@dataclass(frozen=True)
class Annual:
    """An indicator that only exists for a closed year, given the first day of that year."""

    name: str
    shape: Shape
    read: Callable[[World, date], Reading | None]
    needs: tuple[str, ...]
    starts: str | Callable[[World], date | None]
    academic: bool


Indicator = Flow | Snapshot | Annual


def flow(
    shape: Shape,
    *needs: str,
    starts: str | None,
    history_months: int = 0,
    academic: bool = False,
    calendar_years: bool = False,
    chains: Chains | None = None,
) -> Callable[[Callable[[World], Iterable[Fact]]], Flow]:
    """Declare a flow: the extracts it needs and the "extract.column" its series starts with.

    Alternatives are written "a|b". Without `starts` the earliest fact starts the series.
    """
    known = (needs, starts, history_months, academic, calendar_years, chains)
    return lambda rule: Flow(rule.__name__, shape, rule, *known)


def snapshot(
    shape: Shape,
    *needs: str,
    starts: str | Callable[[World], date | None],
    history_months: int = 0,
    chains: Chains | None = None,
) -> Callable[[Callable[[World, date], Reading | None]], Snapshot]:
    """Declare a snapshot; a `starts` that is a function is not cut by the timeframe."""
    return lambda rule: Snapshot(rule.__name__, shape, rule, needs, starts, history_months, chains)


def annual(
    shape: Shape,
    *needs: str,
    starts: str | Callable[[World], date | None],
    academic: bool = False,
) -> Callable[[Callable[[World, date], Reading | None]], Annual]:
    """Declare an annual indicator."""
    return lambda rule: Annual(rule.__name__, shape, rule, needs, starts, academic)


def counted(slices: Iterable[Mapping[str, str]]) -> Reading:
    """How many things there are, each given by its breakdown values."""
    listed = list(slices)
    parts: dict[Slice, tuple[float, float | None]] = {}
    for of_one in listed:
        for part in of_one.items():
            parts[part] = (parts.get(part, (0, None))[0] + 1, None)
    return Reading(len(listed), None, parts)


def share(members: Iterable[Member]) -> Reading:
    """How many members meet the test, of all; each has its breakdown values."""
    listed = list(members)
    parts: dict[Slice, tuple[float, float | None]] = {}
    for met, of_one in listed:
        for part in of_one.items():
            numerator, denominator = parts.get(part, (0, 0))
            parts[part] = (numerator + met, (denominator or 0) + 1)
    return Reading(sum(met for met, _ in listed), len(listed), parts)


def figures_of(
    indicator: Indicator, world: World, timeframe: Timeframe
) -> Iterator[dict[str, Any]]:
    """Every closed figure of one indicator, the total first; none when an extract is missing, or
    when nothing was ever recorded of what it counts."""
    if not all(world.delivered(need) for need in indicator.needs):
        return
    if not is_filled(indicator.name, world):
        return
    if isinstance(indicator, Flow):
        yield from _flow_figures(indicator, world, timeframe)
    elif isinstance(indicator, Snapshot):
        yield from _snapshot_figures(indicator, world, timeframe)
    else:
        yield from _annual_figures(indicator, world, timeframe)


def _flow_figures(flow: Flow, world: World, timeframe: Timeframe) -> Iterator[dict[str, Any]]:
    """A flow counts the rows of the period; a period with a month before the start is left out."""
    facts = list(flow.rows(world))
    starts = flow.starts or (lambda _: min((fact.on for fact in facts), default=None))
    limit_of = flow.needs[0] if flow.starts is None else None
    first = _first_month(starts, world, timeframe, flow.history_months, limit_of, flow.chains)
    if first is None:
        return
    by_month = defaultdict(list)
    for fact in facts:
        by_month[month_start(fact.on)].append(fact)
    for last_day in _closed_month_ends(first, world.as_at):
        for kind, start, end in _periods(last_day, flow.academic, flow.calendar_years):
            if start < first:
                continue
            inside = [fact for month in _months(start, end) for fact in by_month.get(month, [])]
            slices: dict[Slice, list[Fact]] = {TOTAL: inside}
            for fact in inside:
                for part in fact.slices.items():
                    slices.setdefault(part, []).append(fact)
            for part, facts_in in slices.items():
                yield _figure(flow, kind, start, end, part, _pooled(facts_in, flow.shape))
            missed = [fact for fact in inside if fact.numerator < fact.denominator]
            given = Counter(part for fact in missed for part in fact.reasons.items())
            for part, number in given.items():
                sides = _valued(number, len(missed), flow.shape)
                yield _figure(flow, kind, start, end, part, sides)


def _snapshot_figures(
    snapshot: Snapshot, world: World, timeframe: Timeframe
) -> Iterator[dict[str, Any]]:
    """A snapshot's period has the value of its last month end; a year also the month-end mean."""
    history, chains = snapshot.history_months, snapshot.chains
    first = _first_month(snapshot.starts, world, timeframe, history, None, chains)
    if first is None:
        return
    readings: dict[date, Reading] = {}
    for last_day in _closed_month_ends(first, world.as_at):
        reading = snapshot.read(world, last_day)
        if reading is None:
            continue
        readings[last_day] = reading
        parts = {TOTAL: (reading.numerator, reading.denominator), **reading.parts}
        for kind, start, end in _periods(last_day, academic=False):
            if kind == "rolling_12m":
                continue
            for part, sides in parts.items():
                figure = _figure(snapshot, kind, start, end, part, _valued(*sides, snapshot.shape))
                if kind == "financial_year" and part == TOTAL:
                    figure["month_end_mean"] = _month_end_mean(readings, end, snapshot.shape)
                yield figure


def _annual_figures(
    indicator: Annual, world: World, timeframe: Timeframe
) -> Iterator[dict[str, Any]]:
    first = _first_month(indicator.starts, world, timeframe, 0, None, None)
    if first is None:
        return
    for last_day in _closed_month_ends(first, world.as_at):
        for kind, start, end in _periods(last_day, indicator.academic):
            if kind in {"financial_year", "academic_year"} and start >= first:
                reading = indicator.read(world, start)
                if reading is not None:
                    sides = reading.numerator, reading.denominator
                    valued = _valued(*sides, indicator.shape)
                    yield _figure(indicator, kind, start, end, TOTAL, valued)


def _first_month(
    starts: str | Callable[[World], date | None],
    world: World,
    timeframe: Timeframe,
    history_months: int,
    limit_of: str | None,
    chains: Chains | None,
) -> date | None:
    """First day of the first month published [G14]; empty when the extract holds no date.

    The first whole month on or after the earliest date, or on or after `as_at` less the timeframe
    when that is later, plus the history a window needs; and after the last day that a chain begun
    before the timeframe speaks for.
    """
    if isinstance(starts, str):
        column = next(c for c in starts.split("|") if world.delivered(c.split(".")[0]))
        limit_of, name = column.split(".")
        dates = [_date(getattr(row, name)) for row in world.rows(limit_of)]
        earliest = min((on for on in dates if on is not None), default=None)
    else:
        earliest = starts(world)
    if earliest is None:
        return None
    years = timeframe.get(limit_of or "") if isinstance(timeframe, Mapping) else timeframe
    broken: list[date] = []
    if limit_of is not None and years is not None:
        complete_from = add_months(world.as_at, -12 * years)
        earliest = max(earliest, complete_from)
        broken = [
            min(until or world.as_at, world.as_at)
            for since, until in (chains(world) if chains else ())
            if since < complete_from and (until is None or until >= complete_from)
        ]
    whole = earliest if earliest.day == 1 else month_end(earliest) + ONE_DAY
    first = add_months(whole, history_months)
    return max([first, *(month_end(until) + ONE_DAY for until in broken)])


def _periods(
    last_day: date, academic: bool, calendar_years: bool = False
) -> Iterator[tuple[str, date, date]]:
    """The periods that end with a month end: kind, first day, last day [G11]."""
    first = month_start(last_day)
    year_month = 9 if academic else 4
    year_start = date(last_day.year - (last_day.month < year_month), year_month, 1)
    yield "month", first, last_day
    if last_day.month % 3 == 0:
        yield "quarter", add_months(first, -2), last_day
    yield "year_to_date", year_start, last_day
    if add_months(year_start, 11) == first:
        yield "academic_year" if academic else "financial_year", year_start, last_day
    if calendar_years and last_day.month == 12:
        yield "calendar_year", date(last_day.year, 1, 1), last_day
    yield "rolling_12m", month_end_before(last_day, 12) + ONE_DAY, last_day


def _closed_month_ends(first: date, as_at: date) -> Iterator[date]:
    last_day = month_end(first)
    while last_day <= as_at:
        yield last_day
        last_day = month_end(last_day + ONE_DAY)


def _months(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start = add_months(start, 1)


Valued = tuple[float | None, float | None, float | None]


def _pooled(facts: list[Fact], shape: Shape) -> Valued:
    if shape.kind == "distinct":
        return _valued(len({fact.person for fact in facts}), None, shape)
    if shape.kind == "median":
        measures = [fact.numerator for fact in facts]
        return None, len(facts), statistics.median(measures) if measures else None
    numerator = sum(fact.numerator for fact in facts)
    return _valued(numerator, sum(fact.denominator for fact in facts), shape)


def _valued(numerator: float, denominator: float | None, shape: Shape) -> Valued:
    """Numerator, denominator and value [G13]: a count has no denominator, 0/0 no value."""
    if shape.kind != "ratio":
        return numerator, None, numerator
    if denominator is None:
        return numerator, None, None
    if denominator == 0:
        return 0, 0, None
    return numerator, denominator, shape.scale * numerator / denominator


def _month_end_mean(readings: Mapping[date, Reading], end: date, shape: Shape) -> float | None:
    """Mean of the twelve month ends (counts), or their pooled ratio; empty if one is missing."""
    twelve = [readings.get(month_end_before(end, back)) for back in range(12)]
    known = [reading for reading in twelve if reading is not None]
    if len(known) < 12:
        return None
    numerator = sum(reading.numerator for reading in known)
    if shape.kind != "ratio":
        return numerator / 12
    denominators = [reading.denominator for reading in known]
    if None in denominators:
        return None
    return _valued(numerator, sum(d for d in denominators if d is not None), shape)[2]


def _figure(
    indicator: Indicator, kind: str, start: date, end: date, part: Slice, valued: Valued
) -> dict[str, Any]:
    numerator, denominator, value = valued
    return {
        "indicator_id": indicator.name,
        "period_type": kind,
        "period_start": start,
        "period_end": end,
        "breakdown": part[0],
        "breakdown_value": part[1],
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "month_end_mean": None,
    }


def _date(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
