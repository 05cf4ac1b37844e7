"""Which numbers to hide, beyond the small ones, so that no hidden number can be worked out.

What is chosen follows from what is printed and from a fixed order, never from a hidden number: a
reader who runs the same rule over all that could be true is no wiser.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from orchestration.disclosure.audit import LEAST_VALUES, OTHER, Audit, Secrets
from orchestration.disclosure.bounds import Range
from orchestration.disclosure.reader import Need


class CannotBeMadeSafe(Exception):
    """Hiding more does not help: show less detail. `names` are those that can be worked out."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(f"{', '.join(sorted(names))} can be worked out")
        self.names = frozenset(names)


def exposed(audit: Audit, hidden: Collection[str], secrets: Secrets) -> dict[str, Range]:
    """The hidden numbers that a reader can narrow down to fewer values than LEAST_VALUES, or so
    that a small one cannot be any of 1 to 5."""
    return audit.exposed(hidden, needs_of(hidden, secrets))


def needs_of(hidden: Collection[str], secrets: Secrets) -> dict[str, Need]:
    """What must stay possible for hidden numbers."""
    return {
        name: secrets.small.get(name, OTHER)
        for name in sorted(hidden)
        if name not in secrets.exempt
    }


def protect(
    audit: Audit,
    hidden: Collection[str],
    secrets: Secrets,
    together: Sequence[Collection[str]] = (),
    fixed: Collection[str] = (),
    cost: Mapping[str, int] | None = None,
) -> frozenset[str]:
    """`hidden` and as few more as are needed, of those that are not `fixed`: those of least `cost`
    to readers first.

    Numbers of one of `together`, as the two sides of a percentage, are hidden only together. What
    readers know already, as it was published before, is not hidden again: that is no help.
    Raises CannotBeMadeSafe where some remain exposed with all that may be hidden hidden.
    """
    figures = _Figures(audit, together, fixed, cost or {})
    kept: set[str] = set()
    for name in hidden:
        kept |= figures.group.get(name, {name})
    more: list[tuple[frozenset[str], str]] = []
    hopeless: set[str] = set()
    near: set[str] | None = None
    while True:
        needs = needs_of(kept - hopeless, secrets)
        found = audit.exposed(kept, needs, near, is_first_enough=True)
        if not found:
            break
        name = min(found)
        near = set(found)
        chosen = _partner(audit, name, secrets.small.get(name, OTHER), kept, figures)
        if chosen is None:
            hopeless.add(name)
        else:
            more.append((chosen - kept, name))
            kept |= chosen
            near |= chosen
    if hopeless:
        raise CannotBeMadeSafe(hopeless)
    for names, cause in sorted(more, key=lambda each: (-figures.price(each[0]), sorted(each[0]))):
        fewer = kept - names
        needs = needs_of(fewer, secrets)
        # most often the number for whose sake they were hidden is exposed again
        own = {cause: needs[cause]} if cause in needs else {}
        if not any(
            audit.exposed(fewer, asked, near, is_first_enough=True)
            for asked, near in ((own, [cause]), (needs, names))
        ):
            kept = fewer
    return frozenset(kept)


class _Figures:
    """Numbers that are hidden together, and which may be."""

    def __init__(
        self,
        audit: Audit,
        together: Sequence[Collection[str]],
        fixed: Collection[str],
        cost: Mapping[str, int],
    ) -> None:
        self.cost = cost
        self.group = {name: frozenset(names) for names in together for name in names}
        self.audit = audit
        self.open_ones = {name for name in audit.numbers if audit.root(name) not in audit.told}
        for name in fixed:
            self.open_ones -= self.group.get(name, {name})

    def price(self, names: Collection[str]) -> int:
        """What it costs to hide the figures of these numbers."""
        return sum(
            self.cost.get(min(group), 1)
            for group in {self.group.get(name, frozenset({name})) for name in names}
        )

    def closure(self, name: str) -> frozenset[str] | None:
        """All that has to be hidden for readers not to know a number; None where some of it may
        not be."""
        root = self.audit.root(name)
        same = {name for name in self.audit.same.get(root, [root]) if name in self.audit.numbers}
        if not same <= self.open_ones:
            return None
        return frozenset(each for one in same for each in self.group.get(one, {one}))


def _partner(
    audit: Audit, name: str, need: Need, kept: set[str], figures: _Figures
) -> frozenset[str] | None:
    """What to hide for the sake of an exposed number: what helps most at the least cost, of the
    numbers nearest to it."""
    tried: set[frozenset[str]] = set()
    best: tuple[int, frozenset[str]] | None = None
    for able in _around(audit, name, kept):
        choices = {
            closure
            for each in able
            if (closure := figures.closure(each)) and not closure <= kept and closure not in tried
        }
        tried |= choices
        ordered = sorted(choices, key=lambda each: (figures.price(each - kept), sorted(each)))
        for closure in ordered:
            left = audit.exposed({*kept, *closure}, {name: need}, [name])
            if name not in left:
                return closure
            if best is None or left[name].values > best[0]:
                best = left[name].values, closure
        if best is not None:
            return best[1]
    return None


def _around(audit: Audit, name: str, kept: Collection[str]) -> Iterator[list[str]]:
    """The numbers in a row with one, then those in a row with unknown ones of these, and so on."""
    unknown = audit.hidden_roots(kept)
    seen, reached = {audit.root(name)}, [audit.root(name)]
    rows: set[int] = set()
    # another side of a figure that stays out of what readers know leaves the others open
    yield [name]
    while reached:
        beside: dict[str, None] = {}
        for each in reached:
            for row in audit.about.get(each, ()):
                if row not in rows:
                    rows.add(row)
                    beside |= dict.fromkeys(
                        other for other, _ in audit.rows[row][0] if other not in seen
                    )
        seen |= set(beside)
        yield sorted(beside)
        reached = [each for each in beside if audit.is_unknown(each, unknown)]


def attainable(audit: Audit, ends: Mapping[str, Range], secrets: Secrets) -> Secrets:
    """`secrets` without what cannot be kept: between these `ends` numbers lie even with all hidden
    that may be.

    A quarter of two months that are `[c]` is 2 at least; of those that are late none was on time.
    """
    eased = {
        name: Need(LEAST_VALUES, max(1, found.low), min(LEAST_VALUES, found.high))
        for name, found in ends.items()
        if name in secrets.small and found.values >= LEAST_VALUES
    }
    return replace(
        secrets,
        small={**secrets.small, **eased},
        exempt=secrets.exempt | {name for name in ends if audit.numbers.get(name) == 0},
    )
