"""Which numbers to hide, beyond the small ones, so that no hidden number can be worked out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from orchestration.disclosure.facts import Fact, shown
from orchestration.disclosure.reader import Range, possible

LEAST_VALUES = 5
"""A hidden number must be able to have as many values as `[c]` stands for: 1, 2, 3, 4 or 5."""


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
    fixed: Collection[str] = (),
) -> frozenset[str]:
    """`hidden` and as few more as are needed, of those that are not `fixed`, the smallest first.

    What readers know already, as it was published before, is not hidden again: that is no help.
    Raises CannotBeMadeSafe where some remain exposed with all that may be hidden hidden.
    """
    known = {name for name, found in possible(facts, sorted(numbers)).items() if found.values == 1}
    kept, more = set(hidden), []
    while found := exposed(numbers, kept, facts):
        partners = _partners(sorted(found)[0], kept, facts)
        able = [
            name for name in partners if name in numbers and name not in kept | known | {*fixed}
        ]
        if not able:
            raise CannotBeMadeSafe(f"{', '.join(sorted(found))} can be worked out")
        # a nought that is hidden protects least
        chosen = min(able, key=lambda name: (not numbers[name], numbers[name], name))
        kept.add(chosen)
        more.append(chosen)
    for name in more:
        if not exposed(numbers, kept - {name}, facts):
            kept.discard(name)
    return frozenset(kept)


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
