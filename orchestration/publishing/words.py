"""Figures, changes, comparisons and reasons in the words that a committee reads.

Every printed figure is rounded here, half up, and only here. Changes and gaps are worked out
before rounding, so they can differ by one in the last digit from what two printed figures give.
"""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from orchestration.publishing.figures import (
    HIDDEN,
    Comparison,
    Direction,
    Earlier,
    Figure,
    Improvement,
    Indicator,
    Part,
    Restatement,
    Signal,
)

NOT_SUPPLIED = "number not supplied"
NO_FIGURE = "No figure"
NOT_SHOWN = "[c]"
"""Confidential: the shorthand of the Government Statistical Service for a number that is hidden."""

_POLARITY = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neutral": "Neither higher nor lower is better",
}
_TARGET_KIND = {"statutory": "statutory", "internal": "the council's own"}
_PERIOD_BEFORE = {"month": "the month before", "quarter": "the quarter before"}
_YEAR_AGO = {"month": "the same month last year", "quarter": "the same quarter last year"}
_STATUS = {
    HIDDEN: NOT_SHOWN,
    "no_cases": "No cases in the period",
    "not_started": "Not started",
    "not_reported_at_this_frequency": "Not reported at this frequency",
    "no_data": "No data",
}


_BREAKDOWNS = {
    "age_band": "Age",
    "delay_reason": "Reason for delay",
    "dual_plan": "Protection plan while in care",
    "duration_band": "Length",
    "in_out_borough": "Where the child lived",
    "neet_reason": "Reason",
    "phase": "School",
    "setting": "Missing from",
    "uasc": "Unaccompanied asylum-seeking child",
    "unsuitable_type": "Kind of accommodation",
    "worker_change_reason": "Reason for the change (SSDA903 code)",
}
_PARTS = {
    ("in_out_borough", "in"): "in the borough",
    ("in_out_borough", "out"): "outside the borough",
    ("duration_band", "under 6h"): "under 6 hours",
    ("duration_band", "6-24h"): "6 to 24 hours",
}


# Bands from short to long and from young to old; other parts by their names.
_BANDS = (
    *("under 6h", "6-24h", "1-3 days", "over 3 days", "still missing", "not timed"),
    *("0-4", "5-9", "10-15", "16+"),
)


def part_order(of: Part) -> tuple[str, int, str]:
    """What the parts of one indicator are sorted by."""
    return of.breakdown, _BANDS.index(of.name) if of.name in _BANDS else len(_BANDS), of.name


def breakdown(name: str) -> str:
    """What an indicator is split by, as a heading; a new breakdown reads as its column."""
    return _BREAKDOWNS.get(name, capital(name.replace("_", " ")))


def part(of: Part) -> str:
    """The name of a part as readers know it."""
    yes_or_no = {"Y": "yes", "N": "no"}.get(of.name, of.name)
    return _PARTS.get((of.breakdown, of.name), yes_or_no)


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
    size = abs(value)
    if size and not rounded(size, decimals):
        return "less than " + difference(Decimal(1).scaleb(-decimals), unit, decimals)
    return number(size, decimals) + _unit(unit, " points")


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
    if unit in ("days", "hours"):
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


def polarity(row: Indicator) -> str:
    """Which way is good: Higher is better."""
    return _POLARITY[row.polarity]


def better_or_worse(change: Decimal, row: Indicator) -> str | None:
    """`better` or `worse` by polarity; None where neutral, or where it rounds to nothing."""
    if row.polarity == "neutral" or not rounded(abs(change), row.decimals):
        return None
    return "better" if (change > 0) == (row.polarity == "higher") else "worse"


def improvement(told: Improvement, row: Indicator) -> str:
    """What speaks for an area for improvement: 43.0 days (based on 7): beyond its target of 30 days
    and its tolerance; worse than the 40.0 days of 2018/19."""
    why = []
    if told.is_below_target and row.target is not None:
        why.append(f"beyond its target of {trimmed(row.target, row.unit)} and its tolerance")
    if told.is_worse_than_last_year and told.last_year is not None and told.last_year_start:
        then = amount(told.last_year, row.unit, row.decimals)
        why.append(f"worse than the {then} of {year(told.last_year_start)}")
    if told.is_worse_than_benchmarks:
        why.append("worse than England and the statistical neighbours")
    if told.is_recalled:
        why.append(f"members asked to see it again ({told.reason})")
    if told.is_added:
        why.append(f"added by officers ({told.reason})")
    told_figure = figure(row.value, row, row.headline)
    return f"{told_figure}: {'; '.join(why)}" if why else told_figure


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
    if not signals:
        return row.trend.limits_reason or ""
    told = signals[max(signals)]
    since = f", as set by {month(told.baseline_start)} to {month(told.baseline_end)}"
    why = f" New baseline: {row.trend.rebase_reason}." if row.trend.rebase_reason else ""
    return f"{capital(usual_range(told, row))}{since}.{why}"


def bounds(told: Signal, row: Indicator) -> tuple[Decimal, Decimal]:
    """The limits of a month, cut to what can be: nothing below 0, no share over 100."""
    upper = min(told.upper, Decimal(100)) if row.unit == "percent" else told.upper
    return max(told.lower, Decimal(0)), upper


def gap(comparison: Comparison, row: Indicator) -> str:
    """A gap in words: 3.1 points higher than England (better); empty where there is none."""
    if comparison.gap is None:
        return ""
    than, same = f"than {comparison.name}", f"Same as {comparison.name}"
    judged = _COMPARED.get(comparison.verdict or "")
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
    is_held_against = comparison.gap is not None and ours in ("month", "quarter")
    if not is_held_against or _DAY_OR_CENSUS.search(comparison.period):
        return comparison.period
    return f"{comparison.period}, a whole year against a {ours}"


_DAY_OR_CENSUS = re.compile(r"^\d{1,2} \w+ \d{4}$|census")


def certainty(row: Indicator) -> str:
    """Whether the verdict against the target could be chance, with the 95 % margin of error."""
    told = _CERTAINTY.get(row.target_certainty or "", "")
    if row.interval_lower is None or row.interval_upper is None or not told:
        return told
    lower, upper = (
        amount(bound, row.unit, max(row.decimals, 1))
        for bound in (row.interval_lower, row.interval_upper)
    )
    return f"{told}: margin of error {lower} to {upper}"


_CERTAINTY = {
    "certain": "More than chance",
    "could_be_chance": "Could be chance",
    "unknown": "No margin of error is known",
}


def cases_to_target(row: Indicator) -> str:
    """What the shortfall means in cases: 7 more would meet the target."""
    if row.cases_to_target is None:
        return ""
    way = "fewer" if row.polarity == "lower" else "more"
    return f"{row.cases_to_target:,} {way} would meet the target"


def no_benchmark(row: Indicator) -> str:
    """Why a comparison is missing."""
    return f"No comparison: {row.benchmark_reason or 'there is no figure to compare with'}"


def target(row: Indicator) -> str:
    """The target and whose it is: 90% (the council's own)."""
    if row.target is None:
        return "None agreed"
    kind = _TARGET_KIND.get(row.target_kind or "", row.target_kind)
    return trimmed(row.target, row.unit) + (f" ({kind})" if kind else "")


def trimmed(value: Decimal, unit: str) -> str:
    """A target as it was agreed, without zeros that nobody wrote: 90%, 2.5 days."""
    return f"{value.normalize():,f}" + _unit(unit, "%")


def rag(row: Indicator) -> str:
    """The verdict against the target in words, or why there is none."""
    if row.rag is None:
        return _without_rag(row)
    if row.rag == "green":
        return "Meets target"
    if row.rag == "amber":
        return "Within tolerance of target"
    return "Above target" if row.polarity == "lower" else "Below target"


def status(row: Indicator) -> str:
    """Why a figure is missing, old or not final; empty for an ordinary one."""
    if row.value is None:
        named = missing(row)
        return f"{named}: {row.status_reason}" if row.status_reason else named
    if row.is_last_reported and row.headline:
        return f"Last reported {month(row.headline.period_end)}"
    return "Provisional" if row.status == "provisional" else ""


def missing(row: Indicator) -> str:
    """The name of the state of a row without a figure: No data."""
    return _STATUS.get(row.status, "No data")


def period(counted: Figure) -> str:
    """A period in full: July to September 2019 (Quarter 2 2019/20), or September 2019."""
    start, end = counted.period_start, counted.period_end
    if counted.period_type == "month":
        return month(end)
    if counted.period_type == "quarter":
        return f"{_span(start, end)} (Quarter {_quarter(end)} {year(start)})"
    if counted.period_type == "year_to_date":
        kind = "academic year" if start.month == 9 else "year"
        return f"{_span(start, end)} ({kind} {year(start)} to date)"
    kind = "academic" if counted.period_type == "academic_year" else "financial"
    return f"{_span(start, end)} ({kind} year {year(start)})"


def short_period(counted: Figure) -> str:
    """A period for an axis or a column: Sep 2019, Q2 2019/20, 2018/19."""
    if counted.period_type == "month":
        return f"{counted.period_end:%b %Y}"
    if counted.period_type == "quarter":
        return f"Q{_quarter(counted.period_end)} {year(counted.period_start)}"
    return year(counted.period_start)


def month(day: date) -> str:
    """September 2019."""
    return f"{day:%B %Y}"


def day(moment: date) -> str:
    """30 September 2019."""
    return f"{moment.day} {moment:%B %Y}"


def year(start: date) -> str:
    """The financial year that `start` lies in, or the academic year that it begins: 2019/20."""
    first = start.year if start.month >= 4 else start.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def capital(text: str) -> str:
    """`text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


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


def _without_rag(row: Indicator) -> str:
    if row.headline is not None and row.headline.status == HIDDEN:
        return NOT_SHOWN
    if row.rag_reason:
        return capital(row.rag_reason)
    if row.target is None:
        return "Not judged: no target agreed"
    if row.value is None:
        return "Not judged: no figure"
    return "Not judged: the figure is too old" if row.is_last_reported else "Not judged"


def _unit(unit: str, percent: str) -> str:
    return {
        "percent": percent,
        "rate_per_10k": " per 10,000",
        "days": " days",
        "hours": " hours",
        "cases": " cases",
    }.get(unit, "")


def _quarter(end: date) -> int:
    return (end.month - 4) % 12 // 3 + 1


def _span(start: date, end: date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return month(end)
    return (
        f"{start:%B}" + (f" {start.year}" if start.year != end.year else "") + f" to {month(end)}"
    )


def cause(restatement: Restatement) -> str:
    """Why a figure is another one than was shown before."""
    return _CAUSES[restatement.cause]


_CAUSES = {
    "late_recording": "more was recorded since",
    "correction": "records were corrected",
    "definition_change": "it is worked out in another way since",
    "newly_covered": "it comes from another source since",
}
