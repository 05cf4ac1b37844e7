"""The time that a workbook covers, found in its own days: no cell of Annex A says it.

Ofsted asks for what happened or was open in the six months before the inspection; of visits, checks
and placements for the latest alone, which speaks for the last day only.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import pandas as pd

from orchestration.deliveries.readers.last_day import last_day, month_end_of
from orchestration.deliveries.readers.reading import Span

_HAPPENED = {
    2: ("eh_assessment_start_date", "eh_assessment_completed_date"),
    3: ("cine_referral_date",),
    4: ("cina_assessment_start_date", "cina_assessment_auth_date"),
    5: ("s47e_s47_start_date",),
    7: ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppv_cp_visit_date"),
    8: ("clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    9: ("clea_care_leaver_latest_contact",),
}
# A conference stands beside its enquiry, and one that was held late enough beside none.
_CONFERENCE_MONTHS = 3


def as_at_day(tables: Mapping[int, pd.DataFrame], saved_on: date) -> date | None:
    """The last day that the lists know of; None where they hold no day up to `saved_on`."""
    return last_day(
        (
            tables[number][column]
            for number, columns in _HAPPENED.items()
            for column in columns
            if number in tables and column in tables[number]
        ),
        saved_on,
    )


def spans(
    tables: Mapping[int, pd.DataFrame], extracts: Collection[str], as_at: date
) -> Mapping[str, Span]:
    """The span of each extract that the workbook gives."""
    since = _after(as_at, _months(tables, as_at))
    # the month of the last day where that day is the month's end, no month otherwise
    latest = as_at.replace(day=1) if as_at == month_end_of(as_at) else as_at
    plans = min(latest, _whole_from(tables, 7, "cppl_cp_plan_start_date", since))
    care = min(latest, _whole_from(tables, 8, "clae_cla_episode_start_date", since))
    first = {
        "ext_early_help_assessments": since,
        "ssd_cin_episodes": since,
        "ssd_cin_assessments": since,
        "ssd_s47_enquiry": since,
        "ssd_initial_cp_conference": max(since, _after(as_at, _CONFERENCE_MONTHS)),
        "ssd_cp_plans": plans,
        "ssd_cp_visits": latest,
        "ssd_cla_episodes": care,
        "ssd_legal_status": care,
        "ssd_cla_placement": latest,
        "ssd_cla_health": latest,
        "ssd_care_leavers": as_at,
    }
    return {extract: Span(first.get(extract), as_at) for extract in extracts}


def _months(tables: Mapping[int, pd.DataFrame], as_at: date) -> int:
    """How far back the referrals go: six months, or twelve where many are older."""
    if 3 not in tables:
        return 6
    days = tables[3]["cine_referral_date"]
    middle, first = _after(as_at, 6).isoformat(), _after(as_at, 12).isoformat()
    newer = (days >= middle).sum()
    older = ((days < middle) & (days >= first)).sum()
    return 12 if older * 4 > newer else 6


def _whole_from(tables: Mapping[int, pd.DataFrame], number: int, start: str, since: date) -> date:
    """`since`, or the day on which the latest of those began of whom the list leaves an earlier
    plan or period out: whether that one ended before `since` cannot be known."""
    rows = tables.get(number)
    if rows is None or "earlier" not in rows or rows["person_id"].duplicated().any():
        return since
    again = rows[~rows["earlier"].isin(("", "0", "N"))]
    return max([since, *map(date.fromisoformat, again[start])])


def _after(as_at: date, months: int) -> date:
    """The day after the one that is so many months before `as_at`."""
    index = as_at.year * 12 + as_at.month - 1 - months
    last = month_end_of(date(index // 12, index % 12 + 1, 1))
    return last.replace(day=min(as_at.day, last.day)) + timedelta(days=1)
