"""Where a council stands among all authorities of England, by official figures alone."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Official:
    """An authority's official figure, and what the authority is to the council."""

    value: Decimal
    is_own: bool
    is_neighbour: bool
    is_of_region: bool


@dataclass(frozen=True)
class Standing:
    """The official figures of all authorities in one official period, the lowest first.

    `place` is the council's own (1 is the best, or the highest where neither is better; those that
    are level share one) and `quarter` the quarter of all that it lies in, 1 to 4; both are None
    where the council has no official figure of the period. Half of all lie from `lower_quartile` to
    `upper_quartile`.
    """

    period: str
    period_start: date
    period_end: date
    figures: tuple[Official, ...]
    place: int | None
    quarter: int | None
    lower_quartile: Decimal
    middle: Decimal
    upper_quartile: Decimal

    @property
    def own(self) -> Decimal | None:
        """The council's official figure; None where it has none."""
        return next((each.value for each in self.figures if each.is_own), None)
