"""The reader as a solver: between which two values each number must lie, by all that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.disclosure.bounds import (
    LARGEST,
    Contradiction,
    Range,
    Row,
    bounds_of,
    moved_bounds,
)
from orchestration.disclosure.facts import Fact

if TYPE_CHECKING:
    import highspy


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


Point = dict[str, int]
"""Numbers that agree with all that is said."""


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
    is_first_enough: bool = False,
) -> tuple[dict[str, Range], list[Point]]:
    """The ranges of those of tied numbers for which less is possible than they need, and numbers
    that show what is possible for the others.

    `seen` is known to be possible. It is looked for only as far as it has to be known: numbers that
    agree with all that is said show for many at once what is possible; with `is_first_enough` only
    until one is found. Raises Contradiction where the rows cannot all be true.
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
    model = Model(names, rows, bounds)
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

    def look(cost: Mapping[str, int], is_needed: bool = True) -> None:
        point = model.solve(cost) if is_needed else model.tried(cost)
        if point is None:
            return
        points.append(point)
        for name, value in point.items():
            old = known.get(name)
            known[name] = (
                Range(min(old.low, value), max(old.high, value)) if old else Range(value, value)
            )

    left = len(open_ones) + 1
    for turn in range(_TURNS):
        lacking = {name: side for name in open_ones if (side := lacks(name))}
        if turn > 1 and len(lacking) > left - 2:
            break
        left = len(lacking)
        if left > 1:
            # half of them up and half down, by turns: what one gives the other takes
            look(
                {
                    name: side if side != 2 else (1 if (number >> turn // 2) + turn & 1 else -1)
                    for number, (name, side) in enumerate(lacking.items())
                },
                is_needed=turn < 2,
            )
    for name, need in open_ones.items():
        if not lacks(name):
            continue
        ends = {}
        for sign in (1, -1):
            if lacks(name):
                look({name: sign})
                ends[sign] = points[-1][name]
        if lacks(name) and not need.is_harmless(Range(ends[1], ends[-1])):
            found[name] = Range(ends[1], ends[-1])
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


class Model:
    """Whole numbers within `bounds` that agree with the rows."""

    def __init__(
        self, names: Collection[str], rows: Collection[Row], bounds: Mapping[str, Range]
    ) -> None:
        self.fixed = {name: bounds[name].low for name in names if bounds[name].values == 1}
        self.names = [name for name in names if name not in self.fixed]
        self.bounds = bounds
        self.rows = []
        for weights, lower, upper in rows:
            known = sum(weight * self.fixed[name] for name, weight in weights if name in self.fixed)
            left = tuple((name, weight) for name, weight in weights if name not in self.fixed)
            if left:
                self.rows.append(
                    (
                        left,
                        None if lower is None else lower - known,
                        None if upper is None else upper - known,
                    )
                )
        self.place = {name: index for index, name in enumerate(self.names)}
        # sums of whole numbers round to themselves; of shares that has to be seen
        self.has_shares = any(abs(weight) > 1 for weights, *_ in self.rows for _, weight in weights)
        self.any_numbers = self._made()

    def solve(self, cost: Mapping[str, int]) -> Point:
        """All numbers where the sum of cost x number is least. Raises Contradiction."""
        point = self.tried(cost)
        if point is not None:
            return point
        asked = {name: each for name, each in cost.items() if name in self.place}
        whole = self._made()
        import highspy

        count = len(self.names)
        whole.changeColsIntegrality(
            count, list(range(count)), [highspy.HighsVarType.kInteger] * count
        )
        values = self._solved(whole, asked)
        if values is None:
            # a solver that stops is no proof that nothing can be worked out
            raise RuntimeError("SOLVER-STOPPED: the solver ended without an answer")
        return self.fixed | dict(zip(self.names, map(round, values), strict=True))

    def tried(self, cost: Mapping[str, int]) -> Point | None:
        """The same without asking for whole numbers, which is much quicker; most often they are
        whole. None where they are not."""
        if not self.names:
            return dict(self.fixed)
        values = self._solved(
            self.any_numbers, {name: each for name, each in cost.items() if name in self.place}
        )
        if values is None or any(abs(value - round(value)) >= _WHOLE for value in values):
            return None
        numbers = dict(zip(self.names, map(round, values), strict=True))
        return self.fixed | numbers if not self.has_shares or self._agrees(numbers) else None

    def _agrees(self, numbers: Mapping[str, int]) -> bool:
        for weights, lower, upper in self.rows:
            total = sum(weight * numbers[name] for name, weight in weights)
            if (lower is not None and total < lower) or (upper is not None and total > upper):
                return False
        return True

    def _made(self) -> highspy.Highs:
        import highspy

        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.addVars(
            len(self.names),
            [self.bounds[name].low for name in self.names],
            [self.bounds[name].high for name in self.names],
        )
        none = highspy.kHighsInf
        places, weights, starts = [], [], []
        for row, *_ in self.rows:
            starts.append(len(places))
            for name, weight in row:
                places.append(self.place[name])
                weights.append(float(weight))
        model.addRows(
            len(self.rows),
            [-none if lower is None else float(lower) for _, lower, _ in self.rows],
            [none if upper is None else float(upper) for _, _, upper in self.rows],
            len(places),
            starts,
            places,
            weights,
        )
        return model

    def _solved(self, model: highspy.Highs, cost: Mapping[str, int]) -> list[float] | None:
        """The numbers; None where the solver came to no end. Raises Contradiction."""
        import highspy

        for name, each in cost.items():
            model.changeColCost(self.place[name], each)
        model.run()
        ends = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        if model.getModelStatus() not in ends:
            # it sets out from where it ended before and can get stuck there: now from scratch
            model.clearSolver()
            model.run()
        status = model.getModelStatus()
        values = model.getSolution().col_value
        for name in cost:
            model.changeColCost(self.place[name], 0)
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Contradiction("no whole numbers agree with all that is published")
        return values if status == highspy.HighsModelStatus.kOptimal else None


_WHOLE = 1e-7
"""A number that is nearer to a whole one than this is whole."""
