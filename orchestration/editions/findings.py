"""What stands first in a paper: what got better, what got worse, what goes well, what does not.

All of it follows from the rows as they are printed, so that no list says what its table does not.
"""

from dataclasses import replace
from decimal import Decimal

from orchestration.editions.figures import Edition, Improvement, Indicator
from orchestration.editions.improvements import AREAS_SHOWN, first_areas, has_reason
from orchestration.editions.over_the_year import (
    YearChange,
    is_of_more_than_one,
    told,
    told_briefly,
    year_change,
)
from orchestration.editions.words.amounts import amount, trimmed
from orchestration.editions.words.periods import short_period

MOST = 3
"""Changes that are named each way."""

_LEAST = Decimal(1)
"""Points of a percentage, or 3 % of anything else, from which a change is worth a word."""


def changes(edition: Edition, way: str) -> list[tuple[Indicator, YearChange]]:
    """What got `better` or `worse` over the year, the surest and largest first."""
    found = []
    for row in edition.rows:
        change = year_change(row)
        if change is None or change.way != way or row.tier not in ("headline", "core"):
            continue
        if _weight(change, row) >= _LEAST and is_of_more_than_one(change, row):
            found.append((row, change))
    found.sort(key=lambda each: (each[1].is_sure is False, -_weight(each[1], each[0])))
    return found[:MOST]


def areas(edition: Edition) -> tuple[Improvement, ...]:
    """The areas for improvement, of whose reasons only those are left that the rows bear out: the
    figure that a row is about may be of another period than the one that was looked at first."""
    rows = {row.indicator_id: row for row in edition.rows}
    every = (*edition.improvements, *edition.further_improvements)
    kept = [_borne_out(each, rows[each.indicator_id]) for each in every]
    return first_areas(filter(has_reason, kept))


def doing_well(edition: Edition) -> list[tuple[Indicator, str]]:
    """What goes well, by the rule for areas for improvement turned round, and why: the target is
    met, better than a year before, better than England and the neighbours. At most five, what most
    speaks for first; nothing that belongs to an area for improvement."""
    in_areas = {each.indicator_id for each in edition.improvements}
    found = []
    for place, row in enumerate(edition.rows):
        why = _why_well(row)
        is_headline = row.tier == "headline"
        if why and row.indicator_id not in in_areas and row.tier != "annex":
            found.append((-len(why), not is_headline, place, row, why))
    found.sort(key=lambda each: each[:3])
    return [(row, "; ".join(why)) for *_, row, why in found[:AREAS_SHOWN]]


def finding(row: Indicator) -> str:
    """What a chart of the row shows, in words: its title. Referrals: 116 in Mar 2026; over 12
    months 1,442: on the year 11% fewer (more than chance)."""
    if row.value is None or row.headline is None:
        return row.name
    is_of_year = row.headline.period_type == "rolling_12m"
    newest = amount(row.value, row.unit, row.decimals)
    said = f"{row.name}: {newest} in {'the ' if is_of_year else ''}{short_period(row.headline)}"
    change = year_change(row)
    if change is None:
        return said
    if change.span == "a year" or (is_of_year and change.span == "12 months"):
        return f"{said}, {told(change, row)}"
    spanned = amount(change.now, row.unit, row.decimals)
    if not change.difference:
        return f"{said}; over {change.span} {spanned}, {told(change, row)}"
    return f"{said}; over {change.span} {spanned}: on the year {told_briefly(change, row)}"


def _why_well(row: Indicator) -> list[str]:
    if row.polarity == "neutral" or row.value is None or row.is_last_reported:
        return []
    why = []
    if row.rag == "green" and row.target is not None:
        why.append(f"meets its target of {trimmed(row.target, row.unit)}")
    change = year_change(row)
    is_better = change is not None and change.way == "better" and change.is_sure is not False
    if change and is_better and is_of_more_than_one(change, row) and _weight(change, row) >= _LEAST:
        why.append(told(change, row))
    if {row.england.verdict, row.neighbours.verdict} == {"better"}:
        why.append("better than England and the statistical neighbours")
    return why


def _borne_out(each: Improvement, row: Indicator) -> Improvement:
    is_missed = row.rag in ("amber", "red")
    worse_than = {row.england.verdict, row.neighbours.verdict}
    last = each.last_year
    is_worse = False
    if last is not None and row.value is not None:
        is_worse = (row.value < last) if row.polarity == "higher" else (row.value > last)
    return replace(
        each,
        is_below_target=each.is_below_target and is_missed,
        is_worse_than_last_year=each.is_worse_than_last_year and is_worse,
        is_worse_than_benchmarks=each.is_worse_than_benchmarks and worse_than == {"worse"},
    )


def _weight(change: YearChange, row: Indicator) -> Decimal:
    """How large a change is: points of a percentage, and three per cent of anything else as one."""
    if row.unit == "percent":
        return abs(change.difference)
    return abs(change.difference) / (change.before or Decimal(1)) * 100 / 3
