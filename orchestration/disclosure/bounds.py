"""Between which values numbers lie by one sum after the other, without a solver."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

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
    """The same, and the first of `names` that is left fewer values than `least` says, where it
    stops."""
    place = {name: number for number, name in enumerate(names)}
    low, high = np.zeros(len(place)), np.full(len(place), float(largest))
    fewest_values = np.array([least.get(name, 0) for name in place])
    told = [row for row in rows if row[0]]
    of_row = np.repeat(np.arange(len(told)), [len(weights) for weights, *_ in told])
    starts = np.flatnonzero(np.diff(of_row, prepend=-1))
    column = np.array([place[name] for weights, *_ in told for name, _ in weights], dtype=int)
    weight = np.array([each for weights, *_ in told for _, each in weights], dtype=float)
    lower = np.array([-np.inf if each is None else each for _, each, _ in told])
    upper = np.array([np.inf if each is None else each for _, _, each in told])
    is_positive = weight > 0
    stopped = None
    for _ in range(_SWEEPS if told else 0):
        ends = weight * low[column], weight * high[column]
        smallest, greatest = np.minimum(*ends), np.maximum(*ends)
        fewest, most = (np.add.reduceat(each, starts) for each in (smallest, greatest))
        # what is left for each where the others of its row take as little, or as much, as they can
        above = ((upper - fewest)[of_row] + smallest) / weight
        below = ((lower - most)[of_row] + greatest) / weight
        was = low.copy(), high.copy()
        np.minimum.at(high, column, np.floor(np.where(is_positive, above, below)))
        np.maximum.at(low, column, np.ceil(np.where(is_positive, below, above)))
        if (low > high).any():
            raise Contradiction("what is printed does not agree with what ties it together")
        if (narrow := high - low + 1 < fewest_values).any():
            stopped = list(place)[int(narrow.argmax())]
            break
        if (low == was[0]).all() and (high == was[1]).all():
            break
    return {name: Range(int(low[at]), int(high[at])) for name, at in place.items()}, stopped


_SWEEPS = 100
"""Ends that creep are left where they are after so many looks at all rows: they are still true."""
