"""Which areas for improvement come first, by what speaks for each.

The mart ranks all areas by all figures, for officers. What is made public, or goes to one audience,
is ranked here by the same rule from those figures alone, so that neither the order nor what is left
out says anything of a figure that is not shown.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from orchestration.editions.figures import Improvement

AREAS_SHOWN = 5


def first_areas(improvements: Iterable[Improvement]) -> tuple[Improvement, ...]:
    """The first AREAS_SHOWN areas, ranked anew: what people decided comes first; then the area
    that most speaks for, the surest and the furthest off."""
    areas: dict[str, list[Improvement]] = {}
    for each in improvements:
        areas.setdefault(each.area, []).append(each)
    ranked = sorted(areas.values(), key=_place)[:AREAS_SHOWN]
    return tuple(
        replace(each, rank=rank)
        for rank, area in enumerate(ranked, start=1)
        for each in sorted(area, key=lambda each: each.catalogue_order)
    )


def has_reason(told: Improvement) -> bool:
    """Whether anything speaks for it still."""
    return bool(
        told.is_below_target
        or told.is_worse_than_last_year
        or told.is_worse_than_benchmarks
        or told.is_recalled
        or told.is_added
    )


def _place(area: list[Improvement]) -> tuple[bool, int, bool, int, Decimal, int]:
    kinds = (
        any(each.is_below_target for each in area),
        any(each.is_worse_than_last_year for each in area),
        any(each.is_worse_than_benchmarks for each in area),
    )
    return (
        not any(each.is_recalled or each.is_added for each in area),
        -sum(kinds),
        not any(each.is_surely_below_target for each in area),
        -len(area),
        -max(each.tolerances_short or Decimal(0) for each in area),
        min(each.catalogue_order for each in area),
    )
