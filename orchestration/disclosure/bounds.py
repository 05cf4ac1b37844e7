"""Between which values numbers lie by one sum after the other, without a solver."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass

LARGEST = 1_000_000
"""No number of a council is larger; one that may be this large is not bounded."""

Row = tuple[tuple[tuple[str, int], ...], int | None, int | None]
"""Name and weight of each number of a sum, its least and its greatest; None is no bound."""


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


def bounds_of(
    names: Collection[str], rows: Collection[Row], largest: int = LARGEST
) -> dict[str, Range]:
    """The ends of whole numbers from 0 to `largest`, moved inwards until no row moves one any more.

    What is possible lies within; not all that lies within need be possible. Raises Contradiction
    where nothing is left for a number.
    """
    return moved_bounds(names, rows, {}, largest)[0]


def moved_bounds(
    names: Collection[str],
    rows: Collection[Row],
    least: Mapping[str, int],
    largest: int = LARGEST,
) -> tuple[dict[str, Range], str | None]:
    """The same, and the first number that is left fewer values than `least` says, where it stops;
    rows that come first are looked at first."""
    low, high = dict.fromkeys(names, 0), dict.fromkeys(names, largest)
    told = list(rows)
    about: dict[str, list[int]] = defaultdict(list)
    for place, (weights, *_) in enumerate(told):
        for name, _ in weights:
            about[name].append(place)
    waiting = deque(range(len(told)))
    is_waiting = [True] * len(told)
    stopped = None
    for _ in range(_STEPS * (len(told) + 1)):
        if not waiting or stopped:
            break
        place = waiting.popleft()
        is_waiting[place] = False
        weights, lower, upper = told[place]
        fewest = most = 0
        for name, weight in weights:
            if weight > 0:
                fewest += weight * low[name]
                most += weight * high[name]
            else:
                fewest += weight * high[name]
                most += weight * low[name]
        if (upper is not None and fewest > upper) or (lower is not None and most < lower):
            raise Contradiction("what is printed does not agree with what ties it together")
        for name, weight in weights:
            bottom, top = old = low[name], high[name]
            # what is left for this one where the others take as little, or as much, as they can
            if weight > 0:
                if upper is not None:
                    top = min(top, (upper - fewest + weight * bottom) // weight)
                if lower is not None:
                    bottom = max(bottom, -((most - weight * old[1] - lower) // weight))
            else:
                if lower is not None:
                    top = min(top, (lower - most + weight * bottom) // weight)
                if upper is not None:
                    bottom = max(bottom, -((fewest - weight * old[1] - upper) // weight))
            if bottom > top:
                raise Contradiction("what is printed does not agree with what ties it together")
            if (bottom, top) != old:
                low[name], high[name] = bottom, top
                if weight > 0:
                    fewest += weight * (bottom - old[0])
                    most += weight * (top - old[1])
                else:
                    fewest += weight * (top - old[1])
                    most += weight * (bottom - old[0])
                if top - bottom + 1 < least.get(name, 0):
                    stopped = name
                for each in about[name]:
                    if not is_waiting[each]:
                        is_waiting[each] = True
                        waiting.append(each)
    return {name: Range(low[name], high[name]) for name in names}, stopped


_STEPS = 30
"""Ends that creep are left where they are after so many looks at each row: they are still true."""
