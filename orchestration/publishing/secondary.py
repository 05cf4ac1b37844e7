"""Which figures of an edition to hide because others would give a hidden one away.

What a reader may have is looked at together: of each indicator the months, quarters, whole years,
the year to date, and the parts of the latest figure; other indicators that are tied to it; and all
that was published before. A figure is hidden whole: its numbers, its percentage and all that
derives from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from orchestration.disclosure.facts import Fact, adds_up, no_more_than, shown
from orchestration.disclosure.protect import CannotBeMadeSafe, exposed, protect
from orchestration.publishing.figures import Figure, Indicator, Place

Hidden = Mapping[str, frozenset[Place]]
"""Indicator to its places of which nothing is shown."""

_ADD_UP = ("period_flow_count", "period_flow_ratio", "period_mean", "period_median")
"""What they count adds up over time; of a median that is how many were measured."""
_POSITIONS = ("snapshot_count", "snapshot_ratio", "rolling_12m_ratio")
_DISTINCT = "period_distinct_count"
_AVERAGES = ("days", "hours", "cases")

# What readers know of two indicators: the side of one is no more than, or the same as, the other's.
TIES = (
    ("missing_children_count", "n", "<=", "missing_incidents_count", "n"),
    ("cp_visits_within_10wd_pct", "n", "<=", "cp_visits_within_15wd_pct", "n"),
    ("cp_visits_within_10wd_pct", "d", "=", "cp_visits_within_15wd_pct", "d"),
    ("cic_three_plus_sw_12m_pct", "n", "<=", "cic_more_than_one_sw_12m_pct", "n"),
    ("cic_three_plus_sw_12m_pct", "d", "=", "cic_more_than_one_sw_12m_pct", "d"),
    ("permanent_exclusion_rate_pct", "n", "=", "permanent_exclusions_count", "n"),
    ("cp_plans_rate_per_10k", "n", "=", "cp_plans_open_count", "n"),
    ("cp_allocated_social_worker_pct", "d", "=", "cp_plans_open_count", "n"),
    ("cic_rate_per_10k", "n", "=", "cic_count", "n"),
    ("cic_allocated_social_worker_pct", "d", "=", "cic_count", "n"),
    ("cic_placed_out_of_borough_pct", "d", "=", "cic_count", "n"),
    ("cic_three_plus_placements_12m_pct", "d", "=", "cic_count", "n"),
    ("cic_more_than_one_sw_12m_pct", "d", "=", "cic_count", "n"),
    ("cl_in_touch_pct", "d", "=", "cl_count", "n"),
    ("cl_neet_pct", "d", "=", "cl_count", "n"),
    ("cl_suitable_accommodation_pct", "d", "=", "cl_count", "n"),
    ("cl_bed_and_breakfast_count", "n", "<=", "cl_count", "n"),
)

# What is left out where hiding figure by figure does not help, in this order.
COARSER = (
    (("month",), "months are not shown: quarters and years are"),
    (("month", "quarter", "year_to_date"), "only whole years are shown"),
)
NOTHING_SHOWN = "no figure is shown: with any of them a small number could be worked out"


@dataclass(frozen=True)
class Publication:
    """What one earlier pack said of one council, and what it hid: whose figures are kept here so
    that nobody can work them out from the next one."""

    figures: Mapping[str, Mapping[Place, Figure]]
    hidden: Hidden


@dataclass(frozen=True)
class Hiding:
    """What is hidden of each indicator, and which of them are shown in less detail, and how."""

    places: Hidden
    coarser: Mapping[str, str] = field(default_factory=dict)


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


def hidden_places(
    rows: Sequence[Indicator], small: Hidden, earlier: Sequence[Publication] = ()
) -> Hiding:
    """The `small` figures, those that have to be hidden with them, and those hidden before.

    `earlier` is what the council has published, oldest first.
    """
    places: dict[str, frozenset[Place]] = {}
    coarser: dict[str, str] = {}
    for group in _tied(rows):
        found, how = _hidden_in(group, small, earlier)
        places |= found
        coarser |= {row.indicator_id: how for row in group if how}
    return Hiding(places, coarser)


def worked_out(rows: Sequence[Indicator], hidden: Hidden, earlier: Sequence[Publication]) -> int:
    """The audit: how many numbers a reader could work out if all but `hidden` were printed.

    Those that were out before are not counted again.
    """
    found = 0
    for group in _tied(rows):
        table = _Table(group, earlier)
        names = table.names(hidden) | table.hidden_before
        found += len(set(exposed(table.numbers, names, table.facts)) - table.exempt)
    return found


def _hidden_in(
    group: Sequence[Indicator], small: Hidden, earlier: Sequence[Publication]
) -> tuple[dict[str, frozenset[Place]], str]:
    ids = [row.indicator_id for row in group]
    first = {each: small.get(each, frozenset()) for each in ids}
    table = _Table(group, earlier)
    if not any(first.values()) and not table.hidden_before:
        return first, ""
    for kinds, how in (((), ""), *COARSER):
        start = {
            each: first[each] | {place for place in table.figures[each] if place[2] in kinds}
            for each in ids
        }
        try:
            names = protect(
                table.numbers,
                table.names(start) | table.hidden_before,
                table.facts,
                table.together,
                exempt=table.exempt,
                worth=table.worth,
            )
        except CannotBeMadeSafe:
            continue
        return {each: start[each] | table.places(each, names) for each in ids}, how
    return {each: frozenset(table.figures[each]) for each in ids}, NOTHING_SHOWN


class _Table:
    """The numbers of indicators that are tied, by name, and what ties them and was told before.

    A number that was published otherwise than it stands today has a name of its own.
    """

    def __init__(self, rows: Sequence[Indicator], earlier: Sequence[Publication]) -> None:
        self.rows = {row.indicator_id: row for row in rows}
        self.figures = {row.indicator_id: figures_of(row) for row in rows}
        self.numbers = _numbers(self.figures, self.rows)
        self.facts = _facts(self.figures, self.rows, self.numbers)
        self.together = [
            names
            for each, figures in self.figures.items()
            for place in figures
            if (names := [name for name in _names(each, place) if name in self.numbers])
        ]
        self.worth = {
            name: _worth(place, self.rows[each])
            for each, figures in self.figures.items()
            for place in figures
            for name in _names(each, place)
        }
        self.hidden_before: set[str] = set()
        versions = {name: [value] for name, value in self.numbers.items()}
        before: list[Fact] = []
        for publication in earlier:
            before += self._told(publication, versions)
        self.facts = [*self.facts, *before]
        # what could be worked out if nothing were printed now is out, and cannot be called back;
        # how many there are in all is told by another indicator
        all_names = self.hidden_before | set(self.numbers)
        out = exposed(self.numbers, all_names, self.facts) if earlier else {}
        self.exempt = set(out) | {
            name
            for each, side, relation, *_ in TIES
            if relation == "=" and each in self.figures
            for place in self.figures[each]
            if (name := _name(each, place, side)) in self.numbers and side == "d"
            if not 0 < self.numbers[name] < 6
        }

    def _told(self, publication: Publication, versions: dict[str, list[int]]) -> list[Fact]:
        """What one publication printed and hid, in the names of the numbers as they were then."""
        figures = {
            each: {place: figure for place, figure in publication.figures.get(each, {}).items()}
            for each in self.rows
        }
        numbers = _numbers(figures, self.rows)
        called = {}
        for name, value in numbers.items():
            known = versions.setdefault(name, [])
            if value not in known:
                known.append(value)
            version = known.index(value)
            called[name] = f"{name}@{version}" if version or name not in self.numbers else name
        hidden = {
            name
            for each, places in publication.hidden.items()
            for place in places
            for name in _names(each, place)
            if name in numbers
        }
        self.hidden_before |= {called[name] for name in hidden}
        facts = [
            Fact({called[name]: weight for name, weight in fact.weights.items()}, *_bounds(fact))
            for fact in _facts(figures, self.rows, numbers)
        ]
        return facts + [
            shown(called[name], value) for name, value in numbers.items() if name not in hidden
        ]

    def names(self, hidden: Hidden) -> set[str]:
        """The numbers at the places of `hidden`."""
        return {
            name
            for each in self.rows
            for place in hidden.get(each, ())
            for name in _names(each, place)
            if name in self.numbers
        }

    def places(self, indicator_id: str, names: Iterable[str]) -> frozenset[Place]:
        """Where an indicator has a number of `names`."""
        hidden = set(names)
        return frozenset(
            place
            for place in self.figures[indicator_id]
            if hidden.intersection(_names(indicator_id, place))
        )


def _tied(rows: Sequence[Indicator]) -> list[list[Indicator]]:
    """The indicators in groups that are tied, directly or not."""
    group = {row.indicator_id: {row.indicator_id} for row in rows}
    for one, _, _, other, _ in TIES:
        if one in group and other in group:
            together = group[one] | group[other]
            group |= dict.fromkeys(together, together)
    by_id = {row.indicator_id: row for row in rows}
    distinct = {min(names): names for names in group.values()}
    return [[by_id[each] for each in sorted(names)] for _, names in sorted(distinct.items())]


def _worth(place: Place, row: Indicator) -> int:
    """What readers would miss least comes first: parts, then months, quarters, years; last the
    figure that the row is about."""
    if place[0]:
        return 0
    if row.headline is not None and place == place_of(row.headline):
        return 5
    return {"month": 1, "quarter": 2, "year_to_date": 3}.get(place[2], 4)


_Figures = Mapping[str, Mapping[Place, Figure]]


def _name(indicator_id: str, place: Place, side: str) -> str:
    return "/".join((indicator_id, *place[:3], place[3].isoformat(), side))


def _names(indicator_id: str, place: Place) -> list[str]:
    return [_name(indicator_id, place, side) for side in "nmd"]


def _bounds(fact: Fact) -> tuple[int | None, int | None]:
    return fact.lower, fact.upper


def _numbers(figures: _Figures, rows: Mapping[str, Indicator]) -> dict[str, int]:
    return {
        _name(each, place, side): value
        for each in rows
        for place, figure in figures.get(each, {}).items()
        for side, value in _sides(figure, rows[each]).items()
    }


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
    figures: _Figures, rows: Mapping[str, Indicator], numbers: Mapping[str, int]
) -> list[Fact]:
    """What ties the numbers; sums that late recording has broken, or parts that overlap, do not."""
    found = list(_of_two(figures, numbers))
    for each, row in rows.items():
        found += _of_one(row, figures.get(each, {}), numbers)
    return [fact for fact in found if _is_true(fact, numbers)]


def _of_two(figures: _Figures, numbers: Mapping[str, int]) -> Iterator[Fact]:
    for one, one_side, relation, other, other_side in TIES:
        for place in figures.get(one, {}):
            less, more = _name(one, place, one_side), _name(other, place, other_side)
            if less in numbers and more in numbers:
                yield adds_up(more, [less]) if relation == "=" else no_more_than(less, more)


def _of_one(
    row: Indicator, figures: Mapping[Place, Figure], numbers: Mapping[str, int]
) -> Iterator[Fact]:
    for place in figures:
        n, m, d = _names(row.indicator_id, place)
        if m in numbers:
            yield adds_up(d, [n, m])
    for longer, figure in figures.items():
        yield from _from_shorter(row, longer, figure, figures, numbers)
    for (breakdown, *_), places in groupby(
        sorted(place for place in figures if place[0]), key=lambda place: (place[0], *place[2:])
    ):
        if breakdown:
            yield from _from_parts(row, list(places), numbers)


def _from_shorter(
    row: Indicator,
    longer: Place,
    figure: Figure,
    figures: Mapping[Place, Figure],
    numbers: Mapping[str, int],
) -> Iterator[Fact]:
    each_name = row.indicator_id
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
            named = {place: _name(each_name, place, side) for place in within}
            names = [name for name in named.values() if name in numbers]
            whole = _name(each_name, longer, side)
            if not names or whole not in numbers:
                continue
            if row.time_basis in _POSITIONS:
                last = [name for place, name in named.items() if place[3] == longer[3]]
                yield from (Fact({whole: 1, name: -1}, 0, 0) for name in last if name in numbers)
            elif row.time_basis == _DISTINCT:
                yield from (no_more_than(name, whole) for name in names)
                if is_whole and len(names) == len(within):
                    weights = dict.fromkeys(names, 1) | {whole: -1}
                    yield Fact(weights, 0, None)
            elif row.time_basis in _ADD_UP and is_whole and len(names) == len(within):
                yield adds_up(whole, names)


def _from_parts(row: Indicator, places: list[Place], numbers: Mapping[str, int]) -> Iterator[Fact]:
    """Parts of one figure; where they make up the whole, readers will see that they do."""
    kind, end = places[0][2:]
    for side in "nmd":
        whole = _name(row.indicator_id, ("", "", kind, end), side)
        names = [_name(row.indicator_id, place, side) for place in places]
        names = [name for name in names if name in numbers]
        if whole in numbers and names:
            yield from (no_more_than(name, whole) for name in names)
            if len(names) == len(places):
                yield adds_up(whole, names)


def _is_true(fact: Fact, numbers: Mapping[str, int]) -> bool:
    total = sum(weight * numbers[name] for name, weight in fact.weights.items())
    return (fact.lower is None or total >= fact.lower) and (
        fact.upper is None or total <= fact.upper
    )
