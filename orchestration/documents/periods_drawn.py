"""By which length of period an indicator is drawn: months, quarters or years.

Where months are few or hidden a line of the others would show noughts and gaps, not what happened:
then quarters are drawn, or years.
"""

from collections.abc import Sequence
from dataclasses import replace

from orchestration.editions.figures import HIDDEN, Figure, Indicator, Trend

KINDS = ("month", "quarter", "year")
FEWEST_POINTS = 3
MOST_STANDING_OUT = 0.4
"""Of the points of a line; limits that mark more of them have lost their meaning."""

_HEADLINE = {"month": 0, "quarter": 1, "year_to_date": 1}
_MOST_HIDDEN = 0.2
"""Of the points of a line; with more the next longer periods are drawn."""


def by_period(row: Indicator) -> dict[str, Indicator]:
    """The row with each length of period as its trend, where that has three points or more."""
    found = {}
    trends = _months(row), _of("quarter", row.quarters), _years(row)
    for kind, trend in zip(KINDS, trends, strict=True):
        if trend and len(trend.known) >= FEWEST_POINTS:
            found[kind] = replace(row, trend=trend)
    return found


def drawn(row: Indicator) -> Indicator | None:
    """The row with the periods that its chart shows: those of its figure, or longer ones where too
    many of these are hidden; None where there is no line to draw."""
    kinds = by_period(row)
    start = _HEADLINE.get(row.headline.period_type, 1) if row.headline else 0
    order = [kind for kind in KINDS[start:] if kind in kinds]
    for kind in order:
        if _is_told(kinds[kind].trend):
            return kinds[kind]
    rest = [kinds[kind] for kind in order] or [*kinds.values()]
    return max(rest, key=lambda each: _share(each.trend.points), default=None)


def _months(row: Indicator) -> Trend | None:
    """The months; where most of them would stand out their level is another one than that of the
    limits, so that marks would tell nothing: then there are none."""
    trend = row.trend
    if trend.period_type != "month":
        return None
    out = [each for each in trend.signals.values() if each.point_type != "common_cause"]
    if len(out) <= MOST_STANDING_OUT * len(trend.points):
        return trend
    return replace(trend, signals={}, limits_reason=_MOVED)


_MOVED = (
    "Most months lie outside the limits that earlier ones set: the level is another one, and no "
    "limits are drawn."
)


def _years(row: Indicator) -> Trend:
    """Whole years; where one of them is not over, the twelve months up to now as the last."""
    years = [each for each in row.years if each.period_type != "calendar_year"]
    last = row.judged[-1].figure if row.judged else None
    is_of_year = last is not None and last.period_type == "rolling_12m"
    if last and is_of_year and years and last.period_end > years[-1].period_end:
        years.append(last)
    return Trend("year", tuple(years))


def _of(kind: str, points: Sequence[Figure]) -> Trend:
    return Trend(kind, tuple(points))


def _is_told(trend: Trend) -> bool:
    """Whether the line says what happened: its newest period is there, and few others are hidden,
    and it does not run along nought between the numbers that are hidden."""
    hidden = [point for point in trend.points if point.status == HIDDEN]
    if trend.points[-1].value is None or len(hidden) > _MOST_HIDDEN * len(trend.points):
        return False
    return not hidden or any(point.value for point in trend.known)


def _share(points: Sequence[Figure]) -> float:
    return sum(point.value is not None for point in points) / max(len(points), 1)
