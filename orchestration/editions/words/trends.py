"""Which way an indicator is heading, and what is usual for it."""

from decimal import Decimal

from orchestration.editions.figures import (
    HIDDEN,
    Direction,
    Indicator,
    Signal,
)
from orchestration.editions.words.amounts import NOT_SHOWN, amount, capital
from orchestration.editions.words.periods import month


def directions(row: Indicator) -> tuple[str, ...]:
    """Both directions of travel with both figures, or why neither is said.

    Year on year: improving, 88.0% against 79.0%.
    """
    told = {"Year on year": row.year_on_year, "Latest quarter": row.latest_quarter}
    said = tuple(f"{name}: {direction(each, row)}" for name, each in told.items() if each)
    return said or (f"Not said: {_no_direction(row)}",)


def direction(told: Direction, row: Indicator) -> str:
    """One direction with both figures: improving, 88.0% against 79.0%."""
    verdict = _VERDICTS[told.verdict]
    if told.value is None or told.before is None:
        return verdict
    decimals = row.decimals
    if row.unit == "count" and {told.value % 1, told.before % 1} != {0}:
        decimals = 1  # the mean of month ends
    return (
        f"{verdict}, {amount(told.value, row.unit, decimals)}"
        f" against {amount(told.before, row.unit, decimals)}"
    )


def _no_direction(row: Indicator) -> str:
    if row.value is None:
        return "there is no figure"
    if row.is_last_reported:
        return "the figure is too old"
    if row.frequency == "annual":
        return "reported once a year"
    if len(row.trend.known) >= _MONTHS_FOR_A_DIRECTION and row.trend.period_type == "month":
        return "no margin of error is known for this kind of figure"
    return "there are too few months"


_MONTHS_FOR_A_DIRECTION = 15


_VERDICTS = {
    "improving": "improving",
    "worsening": "worsening",
    "higher": "higher",
    "lower": "lower",
    "no_clear_change": "no clear change",
    "too_few_to_say": "too few to say",
    HIDDEN: f"{NOT_SHOWN}, it rests on figures that are hidden",
}


def signal(told: Signal) -> str:
    """How a month compares with what is usual: lower than usual (worse)."""
    return _SIGNALS[told.point_type][told.rule in _HIGH_RULES]


_HIGH_RULES = {
    "Above UCL",
    "7 Point Trend (Increasing)",
    "2 in 3 Above CL",
    "7 Points Above CL",
}
_SIGNALS = {
    "common_cause": ("as usual", "as usual"),
    "special_cause_improvement": ("lower than usual (better)", "higher than usual (better)"),
    "special_cause_concern": ("lower than usual (worse)", "higher than usual (worse)"),
    "special_cause_neutral_high": ("higher than usual", "higher than usual"),
    "special_cause_neutral_low": ("lower than usual", "lower than usual"),
}


def usual_range(told: Signal, row: Indicator) -> str:
    """The limits in words: usually 74.3% to 98.8%, on average 86.5%."""
    lower, upper = bounds(told, row)
    return (
        f"usually {amount(lower, row.unit, row.decimals)} to "
        f"{amount(upper, row.unit, row.decimals)}, on average "
        f"{amount(told.mean, row.unit, row.decimals)}"
    )


def usual(row: Indicator) -> str:
    """What the limits of the chart say, and since when, or why it has none."""
    signals = row.trend.signals
    if row.trend.limits_reason or not signals:
        return f"{row.trend.limits_reason.rstrip('.')}." if row.trend.limits_reason else ""
    told = signals[max(signals)]
    since = f", as set by {month(told.baseline_start)} to {month(told.baseline_end)}"
    why = f" New baseline: {row.trend.rebase_reason}." if row.trend.rebase_reason else ""
    return f"{capital(usual_range(told, row))}{since}.{why}"


def bounds(told: Signal, row: Indicator) -> tuple[Decimal, Decimal]:
    """The limits of a month, cut to what can be: nothing below 0, no share over 100."""
    upper = min(told.upper, Decimal(100)) if row.unit == "percent" else told.upper
    return max(told.lower, Decimal(0)), upper
