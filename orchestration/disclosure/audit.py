"""What readers can work out of one set of numbers, whichever of them are hidden.

Asked again and again with a few more or fewer of them hidden, it looks only at what is tied to
those, and remembers which numbers have been found to agree with all that is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from orchestration.disclosure.bounds import Contradiction, Range, Row, bounds_of
from orchestration.disclosure.facts import Fact
from orchestration.disclosure.reader import Need, too_narrow
from orchestration.disclosure.whole_numbers import Model, Point

LEAST_VALUES = 5
"""A hidden number must be able to have as many values as `[c]` stands for: 1, 2, 3, 4 or 5, as in
DfE's statistics of children in need and of children looked after."""

SMALL = Need(LEAST_VALUES, 1, LEAST_VALUES)
"""What `[c]` stands for must stay possible whole."""
OTHER = Need(LEAST_VALUES, above=LEAST_VALUES)
"""Of a number that is hidden with a small one readers must not find that it is small."""


@dataclass(frozen=True)
class Secrets:
    """What is known of numbers once they are hidden.

    `small` are those that are hidden for their own sake, and what must stay possible for each.
    `floors`: a hidden number is no less, since one that is less would have been printed. What is
    `exempt` may be worked out: it is no secret, or one no longer.
    """

    small: Mapping[str, Need] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()


class Audit:
    """The numbers of publications by name with what ties them and was published before (`facts`).

    `before` are the numbers of earlier publications, `printed` those of them that were printed, and
    `settled` the places of facts that were known by then; names in facts that are in neither are of
    numbers that nobody printed. Numbers that are known to be the same are looked at as one. Raises
    Contradiction where a fact is not true of the numbers.
    """

    def __init__(
        self,
        numbers: Mapping[str, int],
        facts: Sequence[Fact],
        floors: Mapping[str, int] | None = None,
        before: Mapping[str, int] | None = None,
        printed: Mapping[str, int] | None = None,
        settled: Collection[int] = (),
    ) -> None:
        self.numbers = numbers
        truth = {**(before or {}), **numbers}
        for fact in facts:
            _hold_against(fact, truth)
        self._root, unsettled = _merged(facts, settled)
        self.same: dict[str, list[str]] = defaultdict(list)
        for name, root in self._root.items():
            self.same[root].append(name)
        self._truth = {self.root(name): value for name, value in truth.items()}
        self.told = {self.root(name): value for name, value in (printed or {}).items()}
        self._told_before = self.told.keys() - unsettled
        self._floors = {self.root(name): floor for name, floor in (floors or {}).items()}
        self.about: dict[str, list[int]] = defaultdict(list)
        self.rows: list[Row] = []
        self._settled: set[int] = set()
        known: dict[Row, int] = {}
        for place, fact in enumerate(facts):
            row = self._row(fact)
            if not row[0]:
                continue
            if len(row[0]) == 1 and row[1] is not None and row[1] == row[2]:
                [(name, weight)] = row[0]
                self.told[name] = row[1] // weight
                continue
            if row not in known:
                known[row] = len(self.rows)
                for name, _ in row[0]:
                    self.about[name].append(len(self.rows))
                self.rows.append(row)
            if place in settled and not unsettled.intersection(name for name, _ in row[0]):
                self._settled.add(known[row])
        self._shown = {self.root(name) for name in numbers}
        self._points: list[tuple[frozenset[str], Point]] = []
        self._shows: dict[str, list[int]] = defaultdict(list)

    def with_fewer(self, floors: Mapping[str, int]) -> Audit:
        """The same with these floors, which must be some of its own: what has been found to be
        possible is so there too."""
        other = copy(self)
        other._floors = {self.root(name): floor for name, floor in floors.items()}
        other._points = [*self._points]
        other._shows = defaultdict(list, {name: [*at] for name, at in self._shows.items()})
        return other

    def root(self, name: str) -> str:
        """The name under which the same numbers are looked at."""
        return self._root.get(name, name)

    def _row(self, fact: Fact) -> Row:
        weights: dict[str, int] = defaultdict(int)
        for name, weight in fact.weights.items():
            weights[self.root(name)] += weight
        named = tuple(sorted((name, weight) for name, weight in weights.items() if weight))
        return named, fact.lower, fact.upper

    def hidden_roots(self, hidden: Collection[str]) -> set[str]:
        """The unknown ones of the numbers that stand today: none of the same is printed, or was."""
        roots = {self.root(name) for name in hidden}
        return {
            root
            for root in roots
            if root not in self.told
            and all(name in hidden for name in self.same.get(root, (root,)) if name in self.numbers)
        }

    def exposed(
        self,
        hidden: Collection[str],
        needs: Mapping[str, Need],
        near: Iterable[str] | None = None,
        is_first_enough: bool = False,
    ) -> dict[str, Range]:
        """Those of `needs` that a reader can narrow down further than they allow, where of the
        numbers these are `hidden`; only of those that are tied to `near`, if that is given, and
        with `is_first_enough` not all of those that are tied to each other."""
        unknown = self.hidden_roots(hidden)
        found = self._printed_elsewhere(needs, near, unknown)
        for group, places in self._tied(needs if near is None else near, unknown):
            wanted = {
                name: needs[name]
                for root in group
                for name in self.same.get(root, (root,))
                if name in needs
            }
            if wanted and not self._is_settled(group, places):
                found |= self._exposed_in(group, places, unknown, wanted, is_first_enough)
        return found

    def _printed_elsewhere(
        self, needs: Mapping[str, Need], near: Iterable[str] | None, unknown: Collection[str]
    ) -> dict[str, Range]:
        """The hidden numbers of which the same is printed now."""
        roots = None if near is None else set(map(self.root, near))
        found = {}
        for name, need in needs.items():
            root = self.root(name)
            if (roots is None or root in roots) and not self.is_unknown(root, unknown):
                only = Range(self._truth[root], self._truth[root])
                if root not in self.told and not need.is_harmless(only):
                    found[name] = only
        return found

    def is_unknown(self, root: str, unknown: Collection[str]) -> bool:
        """Whether a number neither is printed nor was before."""
        return root in unknown or (root not in self._shown and root not in self.told)

    def _tied(
        self, names: Iterable[str], unknown: Collection[str]
    ) -> list[tuple[list[str], list[int]]]:
        """The unknown numbers that are tied to one of `names`, directly or through each other, in
        groups, each with the rows about it."""
        seen: set[str] = set()
        groups = []
        starts: dict[str, None] = {}
        for root in dict.fromkeys(map(self.root, sorted(names))):
            if self.is_unknown(root, unknown):
                starts[root] = None
                continue
            for row in self.about.get(root, ()):
                for other, _ in self.rows[row][0]:
                    if self.is_unknown(other, unknown):
                        starts[other] = None
        for start in starts:
            if start in seen:
                continue
            seen.add(start)
            group, reached = [start], [start]
            rows: dict[int, None] = {}
            while reached:
                for row in self.about.get(reached.pop(), ()):
                    if row in rows:
                        continue
                    rows[row] = None
                    for other, _ in self.rows[row][0]:
                        if other not in seen and self.is_unknown(other, unknown):
                            seen.add(other)
                            group.append(other)
                            reached.append(other)
            groups.append((sorted(group), [*rows]))
        return groups

    def _is_settled(self, group: Sequence[str], places: Sequence[int]) -> bool:
        """Whether nothing that is known of these numbers is news: then it was seen to before."""
        if not places or not self._settled.issuperset(places):
            return False
        members = set(group)
        return all(
            name in self._told_before or name in members
            for place in places
            for name, _ in self.rows[place][0]
        )

    def _exposed_in(
        self,
        group: Sequence[str],
        places: Sequence[int],
        unknown: Collection[str],
        wanted: Mapping[str, Need],
        is_first_enough: bool,
    ) -> dict[str, Range]:
        needs: dict[str, Need] = {}
        for name, need in sorted(wanted.items()):
            needs[root] = need.both(needs[root]) if (root := self.root(name)) in needs else need
        seen = self._seen(needs, unknown)
        needs = {name: need for name, need in needs.items() if not _is_seen(need, seen.get(name))}
        if not needs:
            return {}
        members = set(group)
        rows: dict[Row, None] = {}
        for place in places:
            weights, lower, upper = self.rows[place]
            known = sum(
                weight * (self.told[name] if name in self.told else self._truth[name])
                for name, weight in weights
                if name not in members
            )
            left = tuple(each for each in weights if each[0] in members)
            row = (
                left,
                None if lower is None else lower - known,
                None if upper is None else upper - known,
            )
            rows[row] = None
        floors = [
            (((name, 1),), self._floors[name], None) for name in group if name in self._floors
        ]
        found, points = too_narrow(
            group, [*floors, *rows], needs, seen, self._complete, is_first_enough
        )
        for point in points:
            self._remember(point)
        return {
            name: found[root]
            for name, need in wanted.items()
            if (root := self.root(name)) in found and not need.is_met(found[root])
            if not need.is_harmless(found[root])
        }

    @cached_property
    def _complete(self) -> Point:
        """The numbers as they are, and of those that nobody printed some with which all holds."""
        known = self._truth | self.told
        rows: list[Row] = []
        for weights, lower, upper in self.rows:
            if left := tuple(each for each in weights if each[0] not in known):
                told = sum(weight * known[name] for name, weight in weights if name in known)
                ends = [None if end is None else end - told for end in (lower, upper)]
                rows.append((left, *ends))
        names = sorted({name for weights, *_ in rows for name, _ in weights})
        return {**known, **Model(names, rows, bounds_of(names, rows)).solve({})}

    def _seen(self, roots: Iterable[str], unknown: Collection[str]) -> dict[str, Range]:
        """What is known to be possible: the numbers as they are, and others that were found."""
        ends = {root: [self._truth[root]] for root in roots if root in self._truth}
        checked: dict[int, bool] = {}
        for root, values in ends.items():
            for number in self._shows.get(root, ()):
                if number not in checked:
                    checked[number] = all(
                        self.is_unknown(each, unknown) for each in self._points[number][0]
                    )
                if checked[number]:
                    values.append(self._points[number][1][root])
        return {root: Range(min(values), max(values)) for root, values in ends.items()}

    def _remember(self, point: Point) -> None:
        """What differs from the numbers as they are stays possible wherever that is unknown."""
        differing = {
            name: value
            for name, value in point.items()
            if name in self._truth and value != self._truth[name]
        }
        for name in differing:
            self._shows[name].append(len(self._points))
        self._points.append((frozenset(differing), differing))


def _is_seen(need: Need, seen: Range | None) -> bool:
    return seen is not None and need.is_met(seen)


def _hold_against(fact: Fact, truth: Mapping[str, int]) -> None:
    if all(name in truth for name in fact.weights):
        total = sum(weight * truth[name] for name, weight in fact.weights.items())
        if (fact.lower is not None and total < fact.lower) or (
            fact.upper is not None and total > fact.upper
        ):
            raise Contradiction("what is printed does not agree with what ties it together")


def _merged(facts: Sequence[Fact], settled: Collection[int]) -> tuple[dict[str, str], set[str]]:
    """Numbers that facts say are the same, each with the first of their names, and the first names
    of those of which that is news."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := parent.get(name, name)) != name:
            parent[name] = parent.get(above, above)
            name = parent[name]
        return name

    news: list[str] = []
    for place, fact in enumerate(facts):
        if len(fact.weights) == 2 and fact.lower == fact.upper == 0:
            (one, weight), (other, against) = fact.weights.items()
            if weight == -against:
                first, second = sorted((root(one), root(other)))
                parent.setdefault(first, first)
                parent[second] = first
                if place not in settled:
                    news.append(one)
    return {name: root(name) for name in [*parent]}, {root(name) for name in news}
