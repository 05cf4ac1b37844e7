"""Which numbers to hide, beyond the small ones, so that no hidden number can be worked out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from orchestration.disclosure.facts import Fact, shown
from orchestration.disclosure.reader import Range, possible

LEAST_VALUES = 5
"""A hidden number must be able to have as many values as `[c]` stands for: 1, 2, 3, 4 or 5, as in
DfE's statistics of children in need and of children looked after."""


class CannotBeMadeSafe(Exception):
    """Hiding more does not help: show less detail. The message names no value."""


def exposed(
    numbers: Mapping[str, int], hidden: Collection[str], facts: Sequence[Fact]
) -> dict[str, Range]:
    """The hidden numbers that a reader can narrow down to fewer values than LEAST_VALUES.

    `facts` are what ties the numbers together and what was published before.
    """
    printed = [shown(name, value) for name, value in numbers.items() if name not in hidden]
    ranges = possible([*facts, *printed], sorted(hidden))
    return {name: found for name, found in ranges.items() if found.values < LEAST_VALUES}


def protect(
    numbers: Mapping[str, int],
    hidden: Collection[str],
    facts: Sequence[Fact],
    together: Sequence[Collection[str]] = (),
    fixed: Collection[str] = (),
    exempt: Collection[str] = (),
    worth: Mapping[str, int] | None = None,
) -> frozenset[str]:
    """`hidden` and as few more as are needed, of those that are not `fixed`: those of least `worth`
    to readers first, and of these the smallest.

    What is hidden and `exempt` may be worked out: it is no secret, or one no longer.
    Numbers of one of `together`, as the two sides of a percentage, are hidden only together. What
    readers know already, as it was published before, is not hidden again: that is no help.
    Raises CannotBeMadeSafe where some remain exposed with all that may be hidden hidden.
    """
    worth = worth or {}
    group = {name: frozenset(names) for names in together for name in names}
    known = _published(numbers, facts)
    kept: set[str] = set()
    for name in hidden:
        kept |= group.get(name, {name})
    more = []
    while found := _without(exposed(numbers, kept, facts), exempt):
        beside = [_partners(name, kept, facts) - kept - known - {*fixed} for name in sorted(found)]
        able = set().union(*beside) & set(numbers)
        if not able:
            raise CannotBeMadeSafe(f"{', '.join(sorted(found))} can be worked out")
        # a nought that is hidden protects least
        chosen = min(
            able, key=lambda name: (worth.get(name, 0), not numbers[name], numbers[name], name)
        )
        more.append(group.get(chosen, frozenset({chosen})) - kept)
        kept |= more[-1]
    for names in more:
        if not _without(exposed(numbers, kept - names, facts), exempt):
            kept -= names
    return frozenset(kept)


def _without(found: Mapping[str, Range], exempt: Collection[str]) -> dict[str, Range]:
    return {name: each for name, each in found.items() if name not in exempt}


def _published(numbers: Collection[str], facts: Sequence[Fact]) -> set[str]:
    """Numbers that follow from what was printed before; none, if nothing was."""
    if not any(len(fact.weights) == 1 for fact in facts):
        return set()
    ranges = possible(facts, sorted(numbers))
    return {name for name, found in ranges.items() if found.values == 1}


def _partners(name: str, hidden: Collection[str], facts: Sequence[Fact]) -> set[str]:
    """Numbers that stand in a fact with the number, or with a hidden one that is tied to it."""
    reached, found = {name}, set()
    while True:
        beside = {
            other for fact in facts if reached & set(fact.weights) for other in fact.weights
        } - found
        if not beside:
            return found - {name}
        found |= beside
        reached |= beside & set(hidden)
