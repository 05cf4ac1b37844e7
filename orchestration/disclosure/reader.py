"""The reader as a solver: between which two values each number must lie, by all that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from orchestration.disclosure.bounds import (
    LARGEST,
    Contradiction,
    Range,
    Row,
    bounds_of,
    moved_bounds,
)
from orchestration.disclosure.facts import Fact
from orchestration.disclosure.nearby import Nearby
from orchestration.disclosure.whole_numbers import Model, Point


@dataclass(frozen=True)
class Need:
    """What must stay possible for a number: so many `values`, and these two ends among them.

    With `above` less will do where all that is possible is more than that, or is nothing at all:
    such a number is none that is kept from readers.
    """

    values: int
    low: int | None = None
    high: int | None = None
    above: int | None = None

    def is_met(self, found: Range) -> bool:
        """Whether all of it lies within what is known to be possible."""
        return (
            found.values >= self.values
            and (self.low is None or found.low <= self.low)
            and (self.high is None or found.high >= self.high)
        )

    def both(self, other: Need) -> Need:
        """The need of a number that has two names."""
        ends = [each for each in (self.low, other.low) if each is not None]
        tops = [each for each in (self.high, other.high) if each is not None]
        return Need(
            max(self.values, other.values),
            min(ends, default=None),
            max(tops, default=None),
            None if None in (self.above, other.above) else self.above,
        )

    def is_harmless(self, bounds: Range) -> bool:
        """Whether it does not matter how much of what lies within `bounds` is possible."""
        return self.above is not None and (bounds.low > self.above or bounds.high == 0)

    def is_out_of(self, bounds: Range) -> bool:
        """Whether too little is possible, and that matters, of all that may lie within `bounds`."""
        matters = self.above is None or 0 < bounds.low <= bounds.high <= self.above
        return matters and not self.is_met(bounds)


def possible(
    facts: Iterable[Fact], names: Collection[str], largest: int = LARGEST
) -> dict[str, Range]:
    """The range of each of `names`, as sharp as whole numbers allow.

    Raises Contradiction where the facts cannot all be true.
    """
    found = {}
    for group, rows in _groups(facts, names):
        wanted = sorted(set(group) & set(names))
        if wanted:
            model = Model(group, rows, bounds_of(group, rows, largest))
            for name in wanted:
                ends = model.solve({name: 1})[name], model.solve({name: -1})[name]
                found[name] = Range(*ends)
    return found


def agree(facts: Iterable[Fact]) -> bool:
    """Whether there are whole numbers with which all facts hold."""
    try:
        for group, rows in _groups(facts, ()):
            Model(group, rows, bounds_of(group, rows)).solve({})
    except Contradiction:
        return False
    return True


def too_narrow(
    names: Collection[str],
    rows: Collection[Row],
    needs: Mapping[str, Need],
    seen: Mapping[str, Range],
    truth: Mapping[str, int],
    is_first_enough: bool = False,
) -> tuple[dict[str, Range], list[Point]]:
    """The ranges of those of tied numbers for which less is possible than they need, and numbers
    that show what is possible for the others.

    `seen` is known to be possible, and all the numbers together as they are in `truth`. More is
    looked for only as far as it has to be known: numbers that agree with all that is said show for
    many at once what is possible; with `is_first_enough` only until one is found. Raises
    Contradiction where the rows cannot all be true.
    """
    # what is small itself stays so however far bounds are moved: the first that is told is enough
    firm = {name: need.values for name, need in needs.items() if need.above is None}
    bounds, stopped = moved_bounds(names, rows, firm if is_first_enough else {})
    found: dict[str, Range] = {}
    open_ones: dict[str, Need] = {}
    known = dict(seen)
    for name, need in sorted(needs.items()):
        if need.is_harmless(bounds[name]) or (name in known and need.is_met(known[name])):
            continue
        if bounds[name].values < need.values:
            found[name] = bounds[name]
        else:
            open_ones[name] = need
    if stopped:
        return {stopped: bounds[stopped]}, []
    if not open_ones or (found and is_first_enough):
        return found, []
    points: list[Point] = []

    def lacks(name: str) -> int:
        """Where more has to be seen: 1 below, -1 above, 2 either; 0 nowhere."""
        need, so_far = open_ones[name], known.get(name)
        if so_far is None:
            return 2
        if need.is_met(so_far):
            return 0
        is_low = need.low is not None and so_far.low > need.low
        is_high = need.high is not None and so_far.high < need.high
        return 2 if is_low == is_high else 1 if is_low else -1

    def see(point: Point) -> None:
        for name, value in point.items():
            old = known.get(name)
            known[name] = (
                Range(min(old.low, value), max(old.high, value)) if old else Range(value, value)
            )

    def look(point: Point | None) -> None:
        if point is not None:
            points.append(point)
            see(point)

    def reach(name: str, need: Need, sign: int) -> int:
        """An end that the number does not go beyond, having looked for numbers with which it goes
        as far as it needs to."""
        point, end = model.end(name, sign)
        if point is None:
            so_far = known.get(name, Range(end, end))
            if sign > 0:
                enough = so_far.high - need.values + 1 if need.low is None else need.low
                point = nearby.within(name, end, max(end, enough))
            else:
                enough = so_far.low + need.values - 1 if need.high is None else need.high
                point = nearby.within(name, min(end, enough), end)
        look(point)
        return end

    model = Model(names, rows, bounds)
    nearby = Nearby(names, rows, bounds, truth)
    left = len(open_ones) + 1
    for turn in range(_TURNS):
        lacking = {name: side for name in open_ones if (side := lacks(name))}
        if turn > 1 and len(lacking) > left - 2:
            break
        left = len(lacking)
        if left > 1:
            # half of them up and half down, by turns: what one gives the other takes
            cost = {
                name: side if side != 2 else (1 if (number >> turn // 2) + turn & 1 else -1)
                for number, (name, side) in enumerate(lacking.items())
            }
            look(model.tried(cost))
    for name, need in open_ones.items():
        if not lacks(name):
            continue
        ends = {sign: reach(name, need, sign) for sign in (1, -1) if lacks(name)}
        # numbers that need not be whole go at least as far
        within = Range(ends.get(1, 0), ends.get(-1, LARGEST))
        if not lacks(name) or need.is_harmless(within):
            continue
        if not (is_first_enough and need.is_out_of(within)):
            for sign in (1, -1):
                so_far = known.get(name, Range(LARGEST, 0))
                is_reached = ends[sign] == (so_far.low if sign > 0 else so_far.high)
                if not is_reached and lacks(name):
                    look(model.solve({name: sign}))
                    ends[sign] = points[-1][name]
        if lacks(name) and not need.is_harmless(within := Range(ends[1], ends[-1])):
            found[name] = within
            if is_first_enough:
                break
    return found, points


_TURNS = 10
"""So often many are looked at together before each is looked at alone."""


def _groups(facts: Iterable[Fact], names: Collection[str]) -> list[tuple[list[str], list[Row]]]:
    """Numbers that are tied together, directly or not, with what is said of them."""
    parent: dict[str, str] = {name: name for name in names}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    told = [fact for fact in facts if fact.weights]
    for fact in told:
        first, *others = fact.weights
        root(first)
        for other in others:
            parent[root(other)] = root(first)
    members: dict[str, list[str]] = defaultdict(list)
    for name in [*parent]:
        members[root(name)].append(name)
    about: dict[str, list[Row]] = defaultdict(list)
    for fact in told:
        row = tuple(fact.weights.items()), fact.lower, fact.upper
        about[root(next(iter(fact.weights)))].append(row)
    return [(sorted(members[each]), about[each]) for each in sorted(members)]
