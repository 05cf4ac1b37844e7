"""What ties the numbers of a publication together, as its readers know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Fact:
    """`lower` <= the sum of weight x number <= `upper`; None is no bound.

    Numbers are whole and not negative, weights are whole.
    """

    weights: Mapping[str, int]
    lower: int | None
    upper: int | None


def shown(name: str, value: int) -> Fact:
    """A number that is printed."""
    return Fact({name: 1}, value, value)


def adds_up(whole: str, parts: Iterable[str]) -> Fact:
    """A total and its parts: a quarter and its months, all children and those of each setting."""
    weights = {whole: -1}
    for part in parts:
        weights[part] = weights.get(part, 0) + 1
    return Fact(weights, 0, 0)


def no_more_than(fewer: str, more: str) -> Fact:
    """Children against incidents, a month's children against the quarter's."""
    return Fact({more: 1, fewer: -1}, 0, None)


def share(numerator: str, denominator: str, percent: Decimal, decimals: int) -> tuple[Fact, ...]:
    """A percentage that is printed half up to `decimals` places, whether its numbers are or not.

    p stands for every share from p - half a last digit up to, but not with, p + half of one; there
    is no percentage of nothing.
    """
    unit = 2 * 10**decimals
    scaled = int(percent.scaleb(decimals)) * 2
    return (
        Fact({numerator: 100 * unit, denominator: -(scaled - 1)}, 0, None),
        Fact({numerator: 100 * unit, denominator: -(scaled + 1)}, None, -1),
        Fact({denominator: 1, numerator: -1}, 0, None),
        Fact({denominator: 1}, 1, None),
    )
