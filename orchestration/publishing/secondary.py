"""Which figures of an edition to hide because others beside them would give a hidden one away.

Of each indicator every figure that may be printed is looked at together: months, quarters, whole
years, the year to date, and the parts of the latest one. A figure is hidden whole: its numbers,
its percentage and all that derives from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby

from orchestration.disclosure.facts import Fact, adds_up, no_more_than
from orchestration.disclosure.protect import protect
from orchestration.publishing.figures import Figure, Indicator

Place = tuple[str, str, str, date]
"""Breakdown and part (both empty for the whole), kind of period and its last day."""

_ADD_UP = ("period_flow_count", "period_flow_ratio", "period_mean", "period_median")
"""What they count adds up over time; of a median that is how many were measured."""
_POSITIONS = ("snapshot_count", "snapshot_ratio", "rolling_12m_ratio")
_DISTINCT = "period_distinct_count"
_AVERAGES = ("days", "hours", "cases")


def place_of(figure: Figure, breakdown: str = "", part: str = "") -> Place:
    """Where a figure stands in the table of one indicator."""
    return breakdown, part, figure.period_type, figure.period_end


def figures_of(row: Indicator) -> dict[Place, Figure]:
    """Every figure of an indicator that an edition prints."""
    whole = [*row.trend.points, *row.years, row.month, row.quarter, row.year_to_date, row.year]
    whole += [row.headline, row.previous.figure, row.year_ago.figure]
    found = {place_of(each): each for each in whole if each is not None}
    return found | {
        place_of(part.figure, part.breakdown, part.name): part.figure for part in row.parts
    }


def hidden_places(row: Indicator, small: Iterable[Place]) -> frozenset[Place]:
    """The `small` figures and those that have to be hidden with them.

    Raises CannotBeMadeSafe.
    """
    figures, first = figures_of(row), frozenset(small)
    if not first:
        return first
    numbers = {
        _name(place, side): value
        for place, figure in figures.items()
        for side, value in _sides(figure, row).items()
    }
    by_place = {
        place: [name for side in "nmd" if (name := _name(place, side)) in numbers]
        for place in figures
    }
    hidden = protect(
        numbers,
        [name for place in first for name in by_place[place]],
        [fact for fact in _facts(row, figures, numbers) if _is_true(fact, numbers)],
        [names for names in by_place.values() if names],
    )
    return first | {place for place, names in by_place.items() if hidden & set(names)}


def _name(place: Place, side: str) -> str:
    return "/".join((*place[:3], place[3].isoformat(), side))


def _sides(figure: Figure, row: Indicator) -> dict[str, int]:
    """The whole numbers that a figure prints: n of d, and m, the rest of d."""
    top, bottom = figure.numerator, figure.denominator
    if row.unit == "count":
        return _whole({"n": figure.value if top is None else top})
    if row.unit in _AVERAGES:
        return _whole({"d": bottom})
    if row.unit == "rate_per_10k":
        return _whole({"n": top})
    if top is None or bottom is None:
        return {}
    return _whole({"n": top, "m": bottom - top, "d": bottom})


def _whole(sides: Mapping[str, Decimal | None]) -> dict[str, int]:
    """None of them where one is missing or in parts, as full-time equivalents are."""
    if any(value is None or value % 1 or value < 0 for value in sides.values()):
        return {}
    return {side: int(value) for side, value in sides.items() if value is not None}


def _facts(
    row: Indicator, figures: Mapping[Place, Figure], numbers: Mapping[str, int]
) -> Iterator[Fact]:
    for place in figures:
        n, m, d = (_name(place, side) for side in "nmd")
        if m in numbers:
            yield adds_up(d, [n, m])
    for longer, figure in figures.items():
        yield from _from_shorter(row, longer, figure, figures, numbers)
    for (breakdown, *_), places in groupby(
        sorted(place for place in figures if place[0]), key=lambda place: place[0]
    ):
        yield from _from_parts(row, breakdown, list(places), numbers)


def _from_shorter(
    row: Indicator,
    longer: Place,
    figure: Figure,
    figures: Mapping[Place, Figure],
    numbers: Mapping[str, int],
) -> Iterator[Fact]:
    for kind in ("month", "quarter"):
        within = {
            place: each
            for place, each in figures.items()
            if place[:2] == longer[:2] and place[2] == kind and longer[2] not in ("month", kind)
            if figure.period_start <= each.period_start and each.period_end <= figure.period_end
        }
        covered = sum((each.period_end - each.period_start).days + 1 for each in within.values())
        is_whole = covered == (figure.period_end - figure.period_start).days + 1
        for side in "nmd":
            names = [_name(place, side) for place in within if _name(place, side) in numbers]
            whole = _name(longer, side)
            if not names or whole not in numbers:
                continue
            if row.time_basis in _POSITIONS:
                last = [_name(place, side) for place in within if place[3] == longer[3]]
                yield from (Fact({whole: 1, name: -1}, 0, 0) for name in last if name in numbers)
            elif row.time_basis == _DISTINCT:
                yield from (no_more_than(name, whole) for name in names)
                if is_whole and len(names) == len(within):
                    weights = dict.fromkeys(names, 1) | {whole: -1}
                    yield Fact(weights, 0, None)
            elif row.time_basis in _ADD_UP and is_whole and len(names) == len(within):
                yield adds_up(whole, names)


def _from_parts(
    row: Indicator, breakdown: str, places: list[Place], numbers: Mapping[str, int]
) -> Iterator[Fact]:
    """Parts of one figure; where they make up the whole, readers will see that they do."""
    kind, end = places[0][2:]
    for side in "nmd":
        whole = _name(("", "", kind, end), side)
        names = [name for place in places if (name := _name(place, side)) in numbers]
        if whole in numbers and names:
            yield from (no_more_than(name, whole) for name in names)
            if len(names) == len(places):
                yield adds_up(whole, names)


def _is_true(fact: Fact, numbers: Mapping[str, int]) -> bool:
    """Sums that late recording has broken, or parts that overlap, tie nothing."""
    total = sum(weight * numbers[name] for name, weight in fact.weights.items())
    return (fact.lower is None or total >= fact.lower) and (
        fact.upper is None or total <= fact.upper
    )
