"""Limits of chance about the value of a region, by denominator: those of `macros/funnel.sql`."""

import math
from dataclasses import dataclass
from typing import Literal

Z_95, Z_998 = 1.959963984540054, 3.090232306167813


@dataclass(frozen=True)
class Funnel:
    """`centre` is the region's value in the indicator's unit; `between` the standard deviation
    between councils beyond chance on the scale of the limits, `inside` that of the cases of a mean.

    A denominator is a number of cases, of a rate in people.
    """

    kind: Literal["percent", "rate_per_10k", "mean"]
    centre: float
    between: float
    inside: float
    dispersion: float

    def limits(self, denominator: float, z: float) -> tuple[float, float]:
        """Lower and upper limit for a council of this denominator."""
        away = z * self._error(denominator)
        centre = self._place()
        return self._back(centre - away, denominator), self._back(centre + away, denominator)

    def _place(self) -> float:
        if self.kind == "percent":
            return math.asin(math.sqrt(min(self.centre / 100, 1)))
        return math.sqrt(self.centre) if self.kind == "rate_per_10k" else self.centre

    def _error(self, denominator: float) -> float:
        if self.kind == "mean":
            chance = self.inside**2 / denominator
        elif self.kind == "percent":
            chance = 1 / (4 * denominator + 2)
        else:
            chance = 10_000 / (4 * denominator)
        return math.sqrt(chance + self.between**2)

    def _back(self, y: float, denominator: float) -> float:
        if self.kind == "percent":
            share = math.sin(min(max(y, 0), math.pi / 2)) ** 2
            counted = max(share * (denominator + 0.75) - 0.375, 0)
            return 100 * min(counted / denominator, 1)
        if self.kind == "rate_per_10k":
            return max(max(y, 0) ** 2 - 0.375 * 10_000 / denominator, 0)
        return max(y, 0)
