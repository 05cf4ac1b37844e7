"""Figures as rows of an edition, for the rules of what may be public."""

from collections.abc import Iterable, Mapping
from typing import Any

from orchestration.editions.figures import Comparison, Earlier, Figure, Indicator, Trend

_NOTHING = Earlier(None, None, None)
_NOBODY = Comparison("", None, None, None)


def bare_row(about: Mapping[str, Any], figures: Iterable[Figure]) -> Indicator:
    """An indicator with nothing but its figures; `about` names it as a row of `dim_indicator`."""
    carried = ("indicator_id", "dashboard_no", "dashboard", "tier", "unit", "decimals", "polarity")
    carried += ("disclosure_class", "frequency", "time_basis", "numerator_text")
    carried += ("denominator_text", "note")
    return Indicator(
        **{name: about[name] for name in carried},
        name=about["indicator_name"],
        headline=None,
        status="ok",
        status_reason=None,
        origin=None,
        source_note=None,
        is_last_reported=False,
        previous=_NOTHING,
        year_ago=_NOTHING,
        target=None,
        target_kind=None,
        tolerance=None,
        rag=None,
        rag_reason=None,
        england=_NOBODY,
        neighbours=_NOBODY,
        region=_NOBODY,
        neighbours_present=None,
        neighbours_left_out=None,
        benchmark_reason=None,
        month=None,
        quarter=None,
        year_to_date=None,
        year=None,
        trend=Trend("month", tuple(figures)),
        years=(),
    )
