"""The reader as a solver: between which two values each number must lie, by all that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from orchestration.disclosure.facts import Fact

if TYPE_CHECKING:
    import highspy

LARGEST = 1_000_000
"""No number of a council is larger; one that may be this large is not bounded."""


@dataclass(frozen=True)
class Range:
    """The least and the greatest value that a number can have."""

    low: int
    high: int

    @property
    def values(self) -> int:
        """How many values lie between the two."""
        return self.high - self.low + 1


class Contradiction(ValueError):
    """No numbers agree with all that is said: a fact is wrong, or two differ."""


def possible(
    facts: Iterable[Fact], names: Collection[str], largest: int = LARGEST
) -> dict[str, Range]:
    """The range of each of `names`, as sharp as whole numbers allow.

    Raises Contradiction where the facts cannot all be true.
    """
    told = _told(facts)
    found = {name: Range(told[name], told[name]) for name in names if name in told}
    left = [_without(fact, told) for fact in facts]
    if any(not fact.weights and not _holds(fact) for fact in left):
        raise Contradiction("what is printed does not agree with what ties it together")
    for group in _groups([fact for fact in left if fact.weights], set(names) - set(told)):
        wanted = sorted(set(group[0]) & set(names))
        if wanted:
            rows = tuple((tuple(fact.weights.items()), fact.lower, fact.upper) for fact in group[1])
            found |= _solved(tuple(group[0]), rows, tuple(wanted), largest)
    return found


def _told(facts: Iterable[Fact]) -> dict[str, int]:
    """Numbers that one fact alone gives."""
    told = {}
    for fact in facts:
        if len(fact.weights) == 1 and fact.lower is not None and fact.lower == fact.upper:
            [(name, weight)] = fact.weights.items()
            if weight and fact.lower % weight == 0:
                told[name] = fact.lower // weight
    return told


def _without(fact: Fact, told: Mapping[str, int]) -> Fact:
    """The fact with the known numbers put in."""
    known = sum(weight * told[name] for name, weight in fact.weights.items() if name in told)
    return Fact(
        {name: weight for name, weight in fact.weights.items() if name not in told and weight},
        None if fact.lower is None else fact.lower - known,
        None if fact.upper is None else fact.upper - known,
    )


def _holds(fact: Fact) -> bool:
    return (fact.lower is None or fact.lower <= 0) and (fact.upper is None or fact.upper >= 0)


def _groups(facts: list[Fact], names: set[str]) -> list[tuple[list[str], list[Fact]]]:
    """Numbers that are tied together, directly or not, with the facts about them."""
    parent: dict[str, str] = {name: name for name in names}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for fact in facts:
        first, *others = fact.weights
        for other in others:
            parent[root(other)] = root(first)
    members: dict[str, list[str]] = defaultdict(list)
    for name in [*parent]:
        members[root(name)].append(name)
    about: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        about[root(next(iter(fact.weights)))].append(fact)
    return [(sorted(members[each]), about[each]) for each in sorted(members)]


_Row = tuple[tuple[tuple[str, int], ...], int | None, int | None]
"""A Fact that can be a key: name and weight of each, lower and upper."""


@lru_cache(maxsize=4096)
def _solved(
    names: tuple[str, ...], rows: tuple[_Row, ...], wanted: tuple[str, ...], largest: int
) -> Mapping[str, Range]:
    """Least and greatest of each by mixed-integer programming (HiGHS).

    Remembered, as hiding one number more leaves most others tied as they were.
    """
    import highspy

    model = highspy.Highs()
    model.setOptionValue("log_to_console", False)
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 0.0)
    place = {name: index for index, name in enumerate(names)}
    for _ in names:
        model.addVar(0, largest)
    model.changeColsIntegrality(
        len(names), list(range(len(names))), [highspy.HighsVarType.kInteger] * len(names)
    )
    for weights, lower, upper in rows:
        model.addRow(
            -highspy.kHighsInf if lower is None else lower,
            highspy.kHighsInf if upper is None else upper,
            len(weights),
            [place[name] for name, _ in weights],
            [weight for _, weight in weights],
        )
    return {
        name: Range(
            _extreme(model, place[name], highspy.ObjSense.kMinimize),
            _extreme(model, place[name], highspy.ObjSense.kMaximize),
        )
        for name in wanted
    }


def _extreme(model: highspy.Highs, column: int, sense: highspy.ObjSense) -> int:
    import highspy

    model.changeColCost(column, 1)
    model.changeObjectiveSense(sense)
    model.run()
    is_solved = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    value = model.getInfo().objective_function_value
    model.changeColCost(column, 0)
    if not is_solved:
        raise Contradiction("no whole numbers agree with all that is published")
    return round(value)
