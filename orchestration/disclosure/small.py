"""Which numbers of a figure are small, and what is known of those that are hidden."""

from __future__ import annotations

from collections.abc import Mapping

from orchestration.disclosure.audit import LEAST_VALUES
from orchestration.disclosure.ties import SIDES
from orchestration.editions.figures import Indicator

_SECRET = {"child_attribute": SIDES, "child_count": "n", "process": "d", "workforce": "d"}
"""Which sides of a figure are secret where they are small, by disclosure class."""


def small_sides(sides: Mapping[str, int], row: Indicator) -> list[str]:
    """The sides with numbers from 1 to 5 for whose sake the figure is hidden."""
    return [
        side
        for side, value in sides.items()
        if 0 < value <= LEAST_VALUES
        if row.unit == "count" or side in _SECRET.get(row.disclosure_class, "")
    ]


def floors_of(sides: Mapping[str, int]) -> list[str]:
    """The sides that are known not to be 0 once they are hidden: noughts are printed, unless of
    fewer than 6."""
    few = sides.get("d", LEAST_VALUES + 1) <= LEAST_VALUES
    return [side for side, value in sides.items() if value and not (few and side != "d")]


def is_few(sides: Mapping[str, int]) -> bool:
    """Whether a figure is of fewer than 6, though of some."""
    return 0 < sides.get("d", 0) <= LEAST_VALUES
