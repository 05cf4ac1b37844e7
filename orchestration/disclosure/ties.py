"""What readers know of the numbers of figures: which are the same, add up, or are no more.

It follows from the definitions: of one indicator the periods inside periods and the parts of the
whole, of two the sides that count the same rows (`Tie`, found by the build from the rows).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from orchestration.disclosure.facts import Fact, adds_up, no_more_than, shown
from orchestration.disclosure.reader import agree
from orchestration.editions.figures import Figure, Indicator, Place, Side, Tie

Figures = Mapping[str, Mapping[Place, Figure]]
"""Indicator to its figures."""

AVERAGES = ("days", "hours", "weeks", "cases")
SIDES = "nmd"

_ADD_UP = ("period_flow_count", "period_flow_ratio", "period_mean", "period_median")
"""What they count adds up over time; of a median that is how many were measured."""
_POSITIONS = ("snapshot_count", "snapshot_ratio", "rolling_12m_ratio")
_DISTINCT = "period_distinct_count"
_Pairs = set[tuple[Side, Side]]


@lru_cache(maxsize=200_000)
def name_of(indicator_id: str, place: Place, side: str) -> str:
    """What a number is called."""
    return "/".join((indicator_id, *place[:3], place[3].isoformat(), side))


def names_of(indicator_id: str, place: Place) -> list[str]:
    """What the numbers of a figure are called."""
    return [name_of(indicator_id, place, side) for side in SIDES]


def sides_of(figure: Figure, row: Indicator) -> dict[str, int]:
    """The whole numbers that a figure prints: n of d, and m, the rest of d."""
    top, bottom = figure.numerator, figure.denominator
    if row.unit == "count":
        return _whole({"n": figure.value if top is None else top})
    if row.unit in AVERAGES:
        return _whole({"d": bottom})
    if row.unit == "rate_per_10k":
        return _whole({"n": top})
    if top is None or bottom is None:
        return {}
    return _whole({"n": top, "m": bottom - top, "d": bottom})


def numbers_of(figures: Figures, rows: Mapping[str, Indicator]) -> dict[str, int]:
    """All the numbers of figures by name."""
    return {
        name_of(each, place, side): value
        for each in rows
        for place, figure in figures.get(each, {}).items()
        for side, value in sides_of(figure, rows[each]).items()
    }


def facts_of(
    figures: Figures,
    rows: Mapping[str, Indicator],
    numbers: Mapping[str, int],
    ties: Iterable[Tie],
    unprinted: str = "",
    withheld: Collection[str] = (),
) -> list[Fact]:
    """What ties the numbers; sums that late recording has broken, or parts that overlap, do not.

    Months that are not printed take part as unknown numbers, whose names begin with `unprinted`; so
    do those that are `withheld` from readers where their sum says that they are others by now.
    """
    pairs = {(tie.fewer, tie.more) for tie in ties if tie.fewer[0] in rows}
    found = list(_of_two(figures, rows, numbers, pairs))
    for each, row in rows.items():
        at = figures.get(each, {})
        found += _of_one(row, at, numbers, pairs)
        if row.time_basis in _ADD_UP:
            for side in SIDES:
                found += _of_months(row, at, numbers, side, unprinted, withheld)
    return [fact for fact in found if _is_true(fact, numbers)]


def tied(rows: Sequence[Indicator], ties: Iterable[Tie]) -> list[list[Indicator]]:
    """The indicators in groups that are tied, directly or not."""
    group = {row.indicator_id: {row.indicator_id} for row in rows}
    for one, other in {(tie.fewer[0], tie.more[0]) for tie in ties}:
        if one in group and other in group and group[one] is not group[other]:
            together = group[one] | group[other]
            group |= dict.fromkeys(together, together)
    by_id = {row.indicator_id: row for row in rows}
    distinct = {min(names): names for names in group.values()}
    return [[by_id[each] for each in sorted(names)] for _, names in sorted(distinct.items())]


def _whole(sides: Mapping[str, Decimal | None]) -> dict[str, int]:
    """None of them where one is missing or in parts, as full-time equivalents are."""
    if any(value is None or value % 1 or value < 0 for value in sides.values()):
        return {}
    return {side: int(value) for side, value in sides.items() if value is not None}


def _beside(place: Place, side: Side) -> str:
    """The number of a side in the period of a place."""
    return name_of(side[0], (side[1], side[2], *place[2:]), side[3])


def _of_two(
    figures: Figures,
    rows: Mapping[str, Indicator],
    numbers: Mapping[str, int],
    pairs: _Pairs,
) -> Iterator[Fact]:
    """The ties in each period. Of many that are the same, each is tied to the first of them, and
    what is tied to one of them to that first one too."""
    periods: dict[tuple[str, date], set[Side]] = defaultdict(set)
    for each in rows:
        for place in figures.get(each, {}):
            for side in SIDES:
                if name_of(each, place, side) in numbers:
                    periods[place[2:]].add((each, place[0], place[1], side))
    for period, sides in periods.items():
        names = {side: _beside(("", "", *period), side) for side in sides}
        here = {
            (fewer, more)
            for fewer, more in pairs
            if fewer in sides and more in sides and numbers[names[fewer]] <= numbers[names[more]]
        }
        first: dict[Side, Side] = {}
        for fewer, more in sorted(here):
            if (more, fewer) in here:
                one, other = first.setdefault(fewer, fewer), first.setdefault(more, more)
                lead = min(one, other)
                first |= {side: lead for side, led in first.items() if led in (one, other)}
        for side, lead in first.items():
            if side != lead:
                yield adds_up(names[lead], [names[side]])
        led = {(first.get(one, one), first.get(other, other)) for one, other in here}
        for fewer, more in sorted(led):
            if fewer != more:
                yield no_more_than(names[fewer], names[more])


def _of_one(
    row: Indicator, figures: Mapping[Place, Figure], numbers: Mapping[str, int], pairs: _Pairs
) -> Iterator[Fact]:
    for place in figures:
        n, m, d = names_of(row.indicator_id, place)
        if m in numbers:
            yield adds_up(d, [n, m])
    if row.time_basis in _POSITIONS:
        yield from _of_last_days(row, figures, numbers)
    if row.time_basis == _DISTINCT:
        yield from _of_distinct(row, figures, numbers)
    parts: dict[tuple[str, str, date], list[Place]] = defaultdict(list)
    for place in sorted(figures):
        if place[0]:
            parts[place[0], *place[2:]].append(place)
    for places in parts.values():
        yield from _of_parts(row, places, numbers, pairs)


def _of_last_days(
    row: Indicator, figures: Mapping[Place, Figure], numbers: Mapping[str, int]
) -> Iterator[Fact]:
    """A position is the same at the end of a month, quarter and year."""
    by_day: dict[tuple[str, str, date], list[Place]] = defaultdict(list)
    for place in figures:
        by_day[(*place[:2], place[3])].append(place)
    for first, *others in by_day.values():
        for other in others:
            for side in SIDES:
                names = [name_of(row.indicator_id, place, side) for place in (first, other)]
                if all(name in numbers for name in names):
                    yield adds_up(names[0], names[1:])


def _of_distinct(
    row: Indicator, figures: Mapping[Place, Figure], numbers: Mapping[str, int]
) -> Iterator[Fact]:
    """Children counted once: those of a period are no fewer than those of any period inside it, and
    no more than those of all of them together."""
    for longer, figure in figures.items():
        whole = name_of(row.indicator_id, longer, "n")
        inside = {
            place: each
            for place, each in figures.items()
            if place != longer and place[:2] == longer[:2]
            if figure.period_start <= each.period_start and each.period_end <= figure.period_end
        }
        named = {place: name_of(row.indicator_id, place, "n") for place in inside}
        if whole not in numbers:
            continue
        yield from (no_more_than(name, whole) for name in named.values() if name in numbers)
        for kind in ("month", "quarter"):
            within = [place for place in inside if place[2] == kind]
            names = [named[place] for place in within]
            if _covers([inside[place] for place in within], figure) and all(
                name in numbers for name in names
            ):
                yield Fact(dict.fromkeys(names, 1) | {whole: -1}, 0, None)


def _covers(within: Iterable[Figure], figure: Figure) -> bool:
    covered = sum((each.period_end - each.period_start).days + 1 for each in within)
    return covered == (figure.period_end - figure.period_start).days + 1


def _of_months(
    row: Indicator,
    figures: Mapping[Place, Figure],
    numbers: Mapping[str, int],
    side: str,
    unprinted: str,
    withheld: Collection[str],
) -> list[Fact]:
    """Every period is the sum of its months, whether these are printed or not."""
    found, is_true = _sums(row, figures, numbers, side, unprinted)
    if is_true or not withheld:
        return found
    known = {name: value for name, value in numbers.items() if name not in withheld}
    others, _ = _sums(row, figures, known, side, unprinted, {unprinted + name for name in withheld})
    return found + others


def _sums(
    row: Indicator,
    figures: Mapping[Place, Figure],
    numbers: Mapping[str, int],
    side: str,
    unprinted: str,
    wanted: Collection[str] = (),
) -> tuple[list[Fact], bool]:
    """Periods and their months, and whether all hold. One unknown month alone says little, unless
    it is `wanted`."""
    sums: list[tuple[str, list[str], list[str]]] = []
    for place, figure in figures.items():
        whole = name_of(row.indicator_id, place, side)
        if place[2] != "month" and whole in numbers:
            months = [
                name_of(row.indicator_id, (*place[:2], "month", end), side)
                for end in _month_ends(figure)
            ]
            known = [name for name in months if name in numbers]
            sums.append((whole, known, [unprinted + name for name in months if name not in known]))
    shared: dict[str, int] = defaultdict(int)
    for _, _, unknown in sums:
        for name in unknown:
            shared[name] += 1
    found, open_ones = [], []
    for whole, known, unknown in sums:
        if not unknown:
            found.append(adds_up(whole, known))
        elif any(shared[name] > 1 or name in wanted for name in unknown):
            open_ones.append(adds_up(whole, [*known, *unknown]))
        elif known:
            found.append(Fact({whole: 1, **dict.fromkeys(known, -1)}, 0, None))
    agrees = _agree(open_ones, numbers)
    is_true = agrees and all(_is_true(fact, numbers) for fact in found)
    return found + (open_ones if agrees else []), is_true


def _agree(facts: Sequence[Fact], numbers: Mapping[str, int]) -> bool:
    """Whether there can be unknown numbers with which the facts hold."""
    names = {name for fact in facts for name in fact.weights}
    printed = [shown(name, numbers[name]) for name in sorted(names & set(numbers))]
    return agree([*facts, *printed])


def _month_ends(figure: Figure) -> list[date]:
    ends, day = [], figure.period_start
    while day <= figure.period_end:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        ends.append(following - timedelta(days=1))
        day = following
    return ends


def _of_parts(
    row: Indicator, places: Sequence[Place], numbers: Mapping[str, int], pairs: _Pairs
) -> Iterator[Fact]:
    """Parts of one figure. Where they make up a side of the whole readers will see that they do:
    the reasons for those that do not count add up to the others of the denominator."""
    kind, end = places[0][2:]
    for side in SIDES:
        at = [place for place in places if name_of(row.indicator_id, place, side) in numbers]
        names = [name_of(row.indicator_id, place, side) for place in at]
        for of in SIDES:
            whole = name_of(row.indicator_id, ("", "", kind, end), of)
            sides = [
                ((row.indicator_id, *place[:2], side), (row.indicator_id, "", "", of))
                for place in at
            ]
            if not names or whole not in numbers or not (side == of or pairs.issuperset(sides)):
                continue
            yield from (no_more_than(name, whole) for name in names)
            if len(names) == len(places):
                weights = dict.fromkeys(names, 1) | {whole: -1}
                yield Fact(weights, 0, None)
                yield Fact(weights, None, 0)


def _is_true(fact: Fact, numbers: Mapping[str, int]) -> bool:
    """Whether a fact holds; what is not printed can be any number."""
    known = {name: weight for name, weight in fact.weights.items() if name in numbers}
    total = sum(weight * numbers[name] for name, weight in known.items())
    unknown = [weight for name, weight in fact.weights.items() if name not in known]
    can_rise, can_fall = any(each > 0 for each in unknown), any(each < 0 for each in unknown)
    return (fact.lower is None or can_rise or total >= fact.lower) and (
        fact.upper is None or can_fall or total <= fact.upper
    )
