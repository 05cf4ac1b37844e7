"""Numbers as they are printed: rounded half up, with their unit, and the numbers behind them."""

from decimal import ROUND_HALF_UP, Decimal

from orchestration.editions.figures import (
    HIDDEN,
    Figure,
    Indicator,
)

NOT_SUPPLIED = "number not supplied"
NO_FIGURE = "No figure"
NOT_SHOWN = "[c]"
"""Confidential: the shorthand of the Government Statistical Service for a number that is hidden."""


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` half up to `decimals` places: 92.65 to one place is 92.7."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: Decimal, decimals: int) -> str:
    """`value` half up to `decimals` places, with a comma at the thousands: 1,234.5."""
    return f"{rounded(value, decimals):,}"


def amount(value: Decimal, unit: str, decimals: int) -> str:
    """A figure with its unit: 92.7%, 278, 111.6 per 10,000, 12.0 days."""
    return number(value, decimals) + _unit(unit, "%")


def difference(value: Decimal, unit: str, decimals: int) -> str:
    """The size of a change or gap, without its direction: 2.3 points, 12, 0.4 per 10,000."""
    return number(abs(value), decimals) + _unit(unit, " points")


def figure(value: Decimal | None, row: Indicator, counted: Figure | None) -> str:
    """A figure with the numbers behind it: 92.7% (88 of 95), 92.7% (number not supplied), 278."""
    if value is None:
        return no_value(counted)
    text = amount(value, row.unit, row.decimals)
    return text if row.unit == "count" else f"{text} ({counts(counted, row.unit)})"


def no_value(counted: Figure | None) -> str:
    """What stands where a value is missing: `[c]` where it is hidden, else No figure."""
    return NOT_SHOWN if counted is not None and counted.status == HIDDEN else NO_FIGURE


def counts(counted: Figure | None, unit: str) -> str:
    """The numbers behind a figure: 88 of 95; `number not supplied` where they are not known."""
    if counted is not None and counted.status == HIDDEN:
        return NOT_SHOWN
    top = counted.numerator if counted else None
    bottom = counted.denominator if counted else None
    if unit == "count":
        top = counted.value if counted and top is None else top
        return NOT_SUPPLIED if top is None else plain(top)
    if unit in ("days", "hours", "weeks"):
        return NOT_SUPPLIED if bottom is None else f"based on {plain(bottom)}"
    if top is None and bottom is None:
        return NOT_SUPPLIED
    if bottom is None:
        return f"{plain(top)}, total not supplied"
    if top is None:
        return f"number not supplied, out of {plain(bottom)}"
    if unit == "rate_per_10k":
        return f"{plain(top)} in a population of {plain(bottom)}"
    if unit == "cases":
        return f"{plain(top)} cases, {plain(bottom)} full-time workers"
    return f"{plain(top)} of {plain(bottom)}"


def numbers(counted: Figure | None, unit: str) -> str:
    """What stands under "Number": the numbers behind a figure, `[c]`, or None where it has none."""
    if counted is None or (counted.value is None and counted.status != HIDDEN):
        return "None"
    return capital(counts(counted, unit))


def plain(value: Decimal | None) -> str:
    """A count as it was counted: 1,234, or 25.3 where posts are counted in full-time terms."""
    if value is None:
        return NOT_SUPPLIED
    return f"{value:,.0f}" if value == value.to_integral_value() else number(value, 1)


def trimmed(value: Decimal, unit: str) -> str:
    """A target as it was agreed, without zeros that nobody wrote: 90%, 2.5 days."""
    return f"{value.normalize():,f}" + _unit(unit, "%")


def capital(text: str) -> str:
    """`text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _unit(unit: str, percent: str) -> str:
    return {
        "percent": percent,
        "rate_per_10k": " per 10,000",
        "days": " days",
        "hours": " hours",
        "weeks": " weeks",
        "cases": " cases",
    }.get(unit, "")
