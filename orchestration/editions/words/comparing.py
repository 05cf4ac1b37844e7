"""Changes since then, gaps to others, and why there is none."""

import re
from datetime import date
from decimal import Decimal

from orchestration.editions.figures import (
    HIDDEN,
    Comparison,
    Earlier,
    Indicator,
)
from orchestration.editions.words.amounts import NOT_SHOWN, capital, difference, figure
from orchestration.editions.words.periods import day
from orchestration.editions.words.splits import compared_part, part

_PERIOD_BEFORE = {"month": "the month before", "quarter": "the quarter before"}
_YEAR_AGO = {"month": "the same month last year", "quarter": "the same quarter last year"}


def better_or_worse(change: Decimal, row: Indicator) -> str | None:
    """`better` or `worse` by polarity; None where neutral, or where nothing changed."""
    if row.polarity == "neutral" or not change:
        return None
    return "better" if (change > 0) == (row.polarity == "higher") else "worse"


def since_previous(row: Indicator) -> str:
    """The change since the period before: 2.3 points lower than the quarter before (worse)."""
    return _change(row, row.previous, _against(row, _PERIOD_BEFORE))


def since_year_ago(row: Indicator) -> str:
    """The change since a year ago: 12 more than the same month last year."""
    return _change(row, row.year_ago, _against(row, _YEAR_AGO))


def change(row: Indicator, earlier: Earlier) -> str:
    """A change where a heading says since when: 2.3 points lower (worse)."""
    if _is_hidden(row, earlier):
        return NOT_SHOWN
    if row.value is None or row.is_last_reported or earlier.change is None:
        return "Not compared"
    return _direction(earlier.change, row, "", "No change")


def gap(comparison: Comparison, row: Indicator) -> str:
    """A gap in words: 3.1 points higher than England (better); empty where there is none.

    Where the official figure is about one part only, that part is named with its own figure.
    """
    held = row.compared
    if comparison.gap is not None and held is not None:
        theirs = figure(held.figure.value, row, held.figure)
        return f"{_gap(comparison, row)}, by the part {part(held)}: {theirs}"
    is_told = row.value is not None and not row.is_last_reported
    if row.compared_part and held is None and is_told:
        return f"Not compared: it is about the part {compared_part(row)} only"
    told = _gap(comparison, row)
    if told and comparison.ours is not None and comparison.ours != row.headline:
        ours = figure(comparison.ours.value, row, comparison.ours)
        return f"{told}, by twelve months: {ours}"
    return told


def _gap(comparison: Comparison, row: Indicator) -> str:
    if comparison.gap is None:
        return ""
    than, same = f"than {comparison.name}", f"Same as {comparison.name}"
    judged = _COMPARED.get(comparison.verdict or "") if comparison.gap else None
    return _sized(comparison.gap, row, than, same) + (f" ({judged})" if judged else "")


_COMPARED = {
    "better": "better",
    "worse": "worse",
    "similar": "similar: could be chance",
    "unknown": "no margin of error is known",
}


def benchmark_period(comparison: Comparison, row: Indicator) -> str:
    """The benchmark's own period, and where it is a longer one than the figure's: 2018/19, a whole
    year against a quarter; empty where none is known."""
    if not comparison.period:
        return ""
    ours = row.headline.period_type if row.headline else ""
    if comparison.ours is not None:
        return comparison.period
    is_held_against = comparison.gap is not None and ours in ("month", "quarter")
    if not is_held_against or _DAY_OR_CENSUS.search(comparison.period):
        return comparison.period
    return f"{comparison.period}, a whole year against a {ours}"


_DAY_OR_CENSUS = re.compile(r"^\d{1,2} \w+ \d{4}$|census")


def no_benchmark(row: Indicator) -> str:
    """Why a comparison is missing."""
    return f"No comparison: {row.benchmark_reason or 'there is no figure to compare with'}"


def neighbours_of(row: Indicator) -> str:
    """How many neighbours a mean is of, and which it leaves out."""
    told = f"mean of {row.neighbours_present} councils"
    return told + (f", without {row.neighbours_left_out}" if row.neighbours_left_out else "")


def succession(
    name: str,
    as_at: date,
    *,
    begun: tuple[date | None, str | None],
    ended: tuple[date | None, str | None],
) -> str:
    """What a reader has to know of a council that took others' place, or whose place was taken.

    `begun` and `ended` are its first and last day, where it has one, and who was there before or
    is there since. Of a beginning it is said for two years: until then something compares with a
    time before it. Figures are never carried from one council to another.
    """
    first, before = begun
    last, after = ended
    told = []
    if first and first <= as_at < first.replace(year=first.year + 2):
        instead = f" in place of {before}" if before else ""
        told.append(
            f"{name} began on {day(first)}{instead}: it has no figures of the years before, and "
            "nothing is compared with them."
        )
    if last and as_at >= last.replace(day=1):
        since = f"; {after} took its place" if after else ""
        told.append(f"{name} ended on {day(last)}{since}: this is its last position.")
    return " ".join(told)


def _direction(value: Decimal, row: Indicator, than: str, same: str) -> str:
    judged = better_or_worse(value, row) if value else None
    return _sized(value, row, than, same) + (f" ({judged})" if judged else "")


def _sized(value: Decimal, row: Indicator, than: str, same: str) -> str:
    if not value:
        return same
    up, down = ("more", "fewer") if row.unit == "count" else ("higher", "lower")
    way = up if value > 0 else down
    size = difference(value, row.unit, row.decimals)
    return " ".join(word for word in (capital(size), way, than) if word)


def _is_hidden(row: Indicator, earlier: Earlier) -> bool:
    figures = [figure for figure in (row.headline, earlier.figure) if figure is not None]
    return any(figure.status == HIDDEN for figure in figures)


def _change(row: Indicator, earlier: Earlier, against: str) -> str:
    if _is_hidden(row, earlier):
        return NOT_SHOWN
    if row.is_last_reported:
        return "Not compared: the figure is too old"
    if row.value is None:
        return "Not compared: no figure"
    if earlier.change is None:
        return f"Not compared: no figure for {against}"
    return _direction(earlier.change, row, f"than {against}", f"Same as {against}")


def _against(row: Indicator, names: dict[str, str]) -> str:
    return names.get(row.headline.period_type if row.headline else "", "the year before")
