"""What changed over a year: the size first, then how sure it is.

What adds up over time is told by twelve months against the twelve before, a position by its day
against the same day a year before, anything else by its own period a year before. Whoever sees only
the public edition is told of what it shows.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from orchestration.editions.figures import Direction, Figure, Indicator
from orchestration.editions.headline_period import over_a_year
from orchestration.editions.words.amounts import amount, difference, rounded
from orchestration.editions.words.comparing import better_or_worse

Way = Literal["better", "worse", "higher", "lower", "same"]

_POSITIONS = ("snapshot_count", "snapshot_ratio", "rolling_12m_ratio")
_SURE = ("improving", "worsening", "higher", "lower")
_SMALL_BASE = 20
"""A percentage of fewer says more than it knows: then the number is told alone."""


Span = Literal["12 months", "3 months", "a year"]
"""Twelve months against the twelve before; three against the same three last year; one figure
against that of a year before."""


@dataclass(frozen=True)
class YearChange:
    """`now` against `before`: `difference` as printed; `way` says whether that is better or worse,
    or which way it went where neither is good; `is_sure` that it is more than chance, None that
    chance has no part in it: everybody was counted."""

    now: Decimal
    before: Decimal
    difference: Decimal
    way: Way
    is_sure: bool | None
    span: Span
    rests_on: Decimal | None


def year_change(row: Indicator) -> YearChange | None:
    """The change of a row over a year; None where one of the two figures is not known."""
    if row.headline is None or row.value is None or row.is_last_reported:
        return None
    yearly = over_a_year(row)
    if yearly is not None and yearly.year_ago.figure is not None:
        found = _between(row, yearly.figure, yearly.year_ago.figure, "12 months", row.year_on_year)
        quarter = row.latest_quarter
        if found and not found.is_sure and quarter and quarter.verdict in _SURE:
            return _of_quarter(row, quarter) or found
        return found
    return _between(row, row.headline, row.year_ago.figure, "a year", None)


def _between(
    row: Indicator, now: Figure, before: Figure | None, span: Span, told: Direction | None
) -> YearChange | None:
    if before is None or before.value is None or now.value is None:
        return None
    change, way = _changed(row, now.value, before.value)
    is_counted = row.time_basis in _POSITIONS or row.frequency == "annual"
    is_sure = None if is_counted else bool(told and _agrees(told.verdict, way))
    return YearChange(now.value, before.value, change, way, is_sure, span, now.denominator)


def _of_quarter(row: Indicator, told: Direction) -> YearChange | None:
    if told.value is None or told.before is None:
        return None
    change, way = _changed(row, told.value, told.before)
    is_sure = _agrees(told.verdict, way)
    return YearChange(told.value, told.before, change, way, is_sure, "3 months", None)


def _changed(row: Indicator, now: Decimal, before: Decimal) -> tuple[Decimal, Way]:
    change = rounded(now, row.decimals) - rounded(before, row.decimals)
    judged = better_or_worse(change, row) if change else "same"
    if judged is None:
        judged = "higher" if change > 0 else "lower"
    return change, cast(Way, judged)


def size(change: YearChange, row: Indicator) -> str:
    """How large the change is: 12% more, 2.3 points lower, 1.2 days longer (4%)."""
    said, *share = _sizes(change, row)
    return f"{said} ({share[0]})" if share else said


def _sizes(change: YearChange, row: Indicator) -> list[str]:
    """How large the change is, and which share of what was before where that is not it itself."""
    if not change.difference:
        return ["no change"]
    before = change.before
    up, down = ("more", "fewer") if row.unit == "count" else ("higher", "lower")
    way = up if change.difference > 0 else down
    plain = f"{difference(change.difference, row.unit, row.decimals)} {way}"
    if row.unit == "percent" or not before or (row.unit == "count" and before < _SMALL_BASE):
        return [plain]
    share = f"{rounded(abs(change.difference) / before * 100, 0)}%"
    if row.unit == "count":
        return [plain if share == "0%" else f"{share} {way}"]
    return [plain, share]


def told(change: YearChange, row: Indicator) -> str:
    """The change in words: 2.3 points lower than a year before (worsening, more than chance)."""
    if not change.difference:
        return f"the same as {_then(change, row)}"
    marks = _marks(change, row)
    return f"{size(change, row)} than {_then(change, row)}" + (f" ({marks})" if marks else "")


def told_briefly(change: YearChange, row: Indicator) -> str:
    """The same under a heading that says since when: 2.3 points lower (worsening). What stands
    beside changes between years, but is one between quarters, says so."""
    if _is_of_quarters(change, row):
        return told(change, row)
    marks = _marks(change, row)
    return size(change, row) + (f" ({marks})" if marks else "")


def told_worse(change: YearChange, row: Indicator) -> str:
    """The change where it is worsening, to stand in brackets: 2.3 points lower, worsening. Else
    nothing."""
    if change.way != "worse" or not _is_true(change, row):
        return ""
    said, *share = _sizes(change, row)
    since = f" than {_then(change, row)}" if _is_of_quarters(change, row) else ""
    return ", ".join((said + since, *share, _marks(change, row)))


def _is_of_quarters(change: YearChange, row: Indicator) -> bool:
    if row.headline is None or row.time_basis in _POSITIONS:
        return False
    return change.span == "a year" and row.headline.period_type == "quarter"


def _then(change: YearChange, row: Indicator) -> str:
    return "the same quarter last year" if _is_of_quarters(change, row) else _THAN[change.span]


def _marks(change: YearChange, row: Indicator) -> str:
    """Whether it is better or worse, by the stronger word where that is true, and how sure."""
    judged = {"better": "better", "worse": "worse"}.get(change.way, "")
    if judged and _is_true(change, row):
        judged = _TRULY[judged]
    is_changed = bool(change.difference)
    sure = {True: "more than chance", False: "could be chance" if is_changed else "", None: ""}
    return ", ".join(filter(None, (judged, sure[change.is_sure])))


def _is_true(change: YearChange, row: Indicator) -> bool:
    """Whether better or worse may be told as improving or worsening."""
    return change.is_sure is not False and is_of_more_than_one(change, row)


_TRULY = {"better": "improving", "worse": "worsening"}
_THAN = {
    "12 months": "the 12 months before",
    "3 months": "the same 3 months last year",
    "a year": "a year before",
}


def figures_told(change: YearChange, row: Indicator) -> str:
    """Both figures: 1,442 after 1,626."""
    now, before = (amount(each, row.unit, row.decimals) for each in (change.now, change.before))
    return f"{now} after {before}"


def is_of_more_than_one(change: YearChange, row: Indicator) -> bool:
    """Whether more than one case lies between the two figures, as far as its cases are known."""
    if row.unit == "count":
        return abs(change.difference) > 1
    if row.unit != "percent" or change.rests_on is None:
        return True
    # of many pupils what is printed moves by more cases than there were
    return round(abs(change.now - change.before) * change.rests_on / 100, 2) >= 2


def _agrees(verdict: str, way: str) -> bool:
    meaning = {"improving": "better", "worsening": "worse"}
    return verdict in _SURE and meaning.get(verdict, verdict) == way
