"""Draws from stated chances, the same for the same seed on every Python."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def happens(rng: Random, share: float) -> bool:
    """True in `share` (0 to 1) of draws."""
    return rng.random() < share


def whole(rng: Random, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(rng.random() * (high - low + 1))


class Choice(Generic[T]):
    """Values with their weights."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._values = list(weights)
        self._until = list(accumulate(weights.values()))

    def pick(self, rng: Random) -> T:
        return self._values[bisect_right(self._until, rng.random() * self._until[-1])]


class Quota:
    """Answers that keep to a share exactly: after n of them, n times the share, rounded down."""

    def __init__(self) -> None:
        self._owed = 0.0

    def take(self, share: float) -> bool:
        self._owed += share
        if self._owed < 1:
            return False
        self._owed -= 1
        return True


class Bands:
    """Whole numbers by band: (share, low, high), even inside a band."""

    def __init__(self, *bands: tuple[float, int, int]) -> None:
        self._choice = Choice({(low, high): share for share, low, high in bands})

    def pick(self, rng: Random) -> int:
        return whole(rng, *self._choice.pick(rng))
