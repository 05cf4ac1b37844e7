"""Target and verdict, what a miss means, and what state a figure is in."""

from orchestration.editions.figures import (
    HIDDEN,
    Improvement,
    Indicator,
    Restatement,
)
from orchestration.editions.words.amounts import NOT_SHOWN, amount, capital, figure, trimmed
from orchestration.editions.words.periods import month, year

_POLARITY = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neutral": "Neither higher nor lower is better",
}
_TARGET_KIND = {"statutory": "statutory", "internal": "the council's own"}
STATUS = {
    HIDDEN: NOT_SHOWN,
    "no_cases": "No cases in the period",
    "not_started": "Not started",
    "not_reported_at_this_frequency": "Not reported at this frequency",
    "no_data": "No data",
}


def polarity(row: Indicator) -> str:
    """Which way is good: Higher is better."""
    return _POLARITY[row.polarity]


def improvement(told: Improvement, row: Indicator) -> str:
    """What speaks for an area for improvement: 43.0 days (based on 7): above its target of 30 days
    and its tolerance; worse than the 40.0 days of 2018/19."""
    why = []
    if told.is_below_target and row.target is not None:
        of = f"its target of {trimmed(row.target, row.unit)}"
        of = f"{'above' if row.polarity == 'lower' else 'short of'} {of}"
        near = f"{of} again, within its tolerance"
        why.append(near if row.rag == "amber" else f"{of} and its tolerance")
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


def certainty(row: Indicator) -> str:
    """Whether a miss of the target could be chance, with its 95 % margin of error; empty where the
    target is met. A count of everybody at a month end is no sample and has no margin."""
    told = _CERTAINTY.get(row.target_certainty or "", "")
    is_sample = row.time_basis not in _EVERYBODY
    if row.interval_lower is None or row.interval_upper is None or not (told and is_sample):
        return told
    lower, upper = (
        amount(bound, row.unit, max(row.decimals, 1))
        for bound in (row.interval_lower, row.interval_upper)
    )
    return f"{told}: margin of error {lower} to {upper}"


_CERTAINTY = {
    "certain": "More than chance",
    "could_be_chance": "Could be chance, as it rests on few",
    "unknown": "No margin of error is known",
}
_EVERYBODY = ("snapshot_count", "snapshot_ratio", "rolling_12m_ratio")


def cases_to_target(row: Indicator) -> str:
    """What the shortfall means in cases: 7 more would meet the target."""
    if row.cases_to_target is None:
        return ""
    way = "fewer" if row.polarity == "lower" else "more"
    return f"{row.cases_to_target:,} {way} would meet the target"


def target(row: Indicator) -> str:
    """The target and whose it is: 90% (the council's own)."""
    if row.target is None:
        return "None agreed"
    kind = _TARGET_KIND.get(row.target_kind or "", row.target_kind)
    return trimmed(row.target, row.unit) + (f" ({kind})" if kind else "")


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
    return STATUS.get(row.status, "No data")


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


def cause(restatement: Restatement) -> str:
    """Why a figure is another one than was shown before."""
    return _CAUSES[restatement.cause]


_CAUSES = {
    "late_recording": "more was recorded since",
    "correction": "records were corrected",
    "definition_change": "it is worked out in another way since",
    "reference_change": "bank holidays, population or headcount were changed since",
    "newly_covered": "it comes from another source since",
}
