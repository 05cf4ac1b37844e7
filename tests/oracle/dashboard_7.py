"""Dashboard 7, Missing, return interviews and exclusions."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from .calendar import ONE_DAY, add_months, elapsed_hours
from .cohorts import World
from .dashboard_5 import age_band
from .periods import COUNT, DISTINCT, MEDIAN, PERCENT, Fact, Reading, annual, flow
from .rows import Row

EXT, SSD, EPISODES = "ext_missing_episodes", "ssd_missing", "ssd_cla_episodes"
INTERVIEWS, EXCLUSIONS = "ext_return_interviews", "ext_exclusions"
HOLIDAYS, HEADCOUNT = "ref_bank_holidays", "ref_pupil_headcount"
BEGAN = f"{EXT}.missing_from_at|{SSD}.miss_missing_episode_start_date"
INTERVIEW_LIMIT = 3


@dataclass(frozen=True)
class Incident:
    """A missing incident of either source; `hours` only where both times are real."""

    person: str | None
    began: date
    hours: float | None
    returned: date | None
    setting: str
    placed: str


@flow(COUNT, f"{EXT}|{SSD}", starts=BEGAN)
def missing_incidents_count(world: World) -> Iterator[Fact]:
    """Incidents on the London day they began, whenever they ended.

    The local log alone when it was delivered, else SSD. Not 'away', nor a child another authority
    answers for.
    """
    for incident in _incidents(world):
        yield Fact(
            incident.began,
            slices={**_places(incident), "duration_band": _duration_band(incident, world.as_at)},
        )


@flow(DISTINCT, f"{EXT}|{SSD}", starts=BEGAN)
def missing_children_count(world: World) -> Iterator[Fact]:
    """Different known children of those incidents, counted afresh for every period [G9, G12]."""
    for incident in _incidents(world):
        if incident.person is not None:
            yield Fact(incident.began, person=incident.person, slices=_places(incident))


@flow(MEDIAN, EXT, starts=f"{EXT}.returned_at", history_months=3)
def missing_duration_median_hours(world: World) -> Iterator[Fact]:
    """Hours that really passed from missing to return, on the London day of the return [G1].

    Only times kept to the minute; returned before missing is an error and out.
    """
    for incident in _incidents(world):
        if incident.returned is not None and incident.hours is not None and incident.hours >= 0:
            slices = {**_places(incident), "duration_band": _band(incident.hours)}
            yield Fact(incident.returned, incident.hours, slices=slices)


@flow(PERCENT, EXT, INTERVIEWS, HOLIDAYS, starts=f"{EXT}.returned_at", history_months=3)
def rhi_within_3wd_pct(world: World) -> Iterator[Fact]:
    """Returns after which an interview was needed; those held within three working days.

    Away incidents count too, other authorities' children do not. Out: no interview row, declined
    (refused and never held), and pending (not held, fewer than three working days to the as-at
    day). Held before the return is not held.
    """
    return _interviewed(world, world.calendar.between)


@flow(PERCENT, EXT, INTERVIEWS, starts=f"{EXT}.returned_at", history_months=3)
def rhi_within_72h_pct(world: World) -> Iterator[Fact]:
    """The same within three days of the calendar, which is as near to 72 hours as dates come."""
    return _interviewed(world, lambda start, end: (end - start).days)


def _interviewed(world: World, passed: Callable[[date, date], int | None]) -> Iterator[Fact]:
    by_incident = defaultdict(list)
    known = _known_by(world)
    for interview in world.rows(INTERVIEWS):
        by_incident[known.get(interview.missing_id, interview.missing_id)].append(interview)
    for row in _logged(world):
        interviews = by_incident[row.missing_id]
        if row.returned_at is None or _elsewhere(world, row) or not _needed(interviews):
            continue
        returned = row.returned_at.date()
        held = _held_on(world, returned, interviews)
        taken = None if held is None else passed(returned, held)
        waited = passed(returned, world.as_at)
        is_pending = waited is None or waited < INTERVIEW_LIMIT
        if taken is None and (_declined(interviews) or is_pending):
            continue
        yield Fact(
            returned,
            taken is not None and taken <= INTERVIEW_LIMIT,
            slices={
                "setting": _lower(row.setting),
                "in_out_borough": _placed(row),
                "age_band": age_band(world.age(world.child(row.person_id), returned)),
            },
        )


@flow(PERCENT, SSD, starts=f"{SSD}.miss_missing_episode_end_date", history_months=3)
def rhi_offered_pct(world: World) -> Iterator[Fact]:
    """SSD incidents ended, not 'away' and not NA; those with an offer. No answer is no offer."""
    for row in world.rows(SSD):
        ended, offered = row.miss_missing_episode_end_date, row.miss_missing_rhi_offered
        if ended is not None and not _away(row.miss_missing_episode_type) and offered != "NA":
            yield Fact(ended, offered == "Y")


@flow(COUNT, EXCLUSIONS, starts=f"{EXCLUSIONS}.exclusion_start_date", academic=True)
def permanent_exclusions_count(world: World) -> Iterator[Fact]:
    """Permanent exclusions on their first day; one overturned by the as-at day is out of all.

    Years, and years to date, are academic (from September); quarters stay financial.
    """
    phases = defaultdict(list)
    for row in world.rows(EXCLUSIONS):
        permanent = (row.exclusion_type or "").upper() == "PERM"
        if permanent and row.exclusion_start_date and not world.begun(row.overturned_date):
            # several numbers for one pupil and day are one exclusion
            phases[row.pupil_id or row.exclusion_id, row.exclusion_start_date].append(
                (row.school_phase or "").lower()
            )
    for (_, excluded), told in phases.items():
        yield Fact(excluded, slices={"phase": _lower(max(told))})


@annual(PERCENT, EXCLUSIONS, HEADCOUNT, starts=f"{EXCLUSIONS}.exclusion_start_date", academic=True)
def permanent_exclusion_rate_pct(world: World, first_day: date) -> Reading:
    """Permanent exclusions of the academic year per 100 pupils on roll; no headcount, no value.

    The all-phase headcount when there is one, else the sum of the phases.
    """
    last_day = add_months(first_day, 12) - ONE_DAY
    facts = permanent_exclusions_count.rows(world)
    excluded = sum(first_day <= fact.on <= last_day for fact in facts)
    year = f"{first_day.year}/{last_day.year % 100:02d}"
    rolls = [
        row
        for row in world.rows(HEADCOUNT)
        if row.la_code == world.la_code and row.academic_year == year and row.headcount is not None
    ]
    whole = [row for row in rolls if (row.phase or "").lower() in {"total", "all"}]
    heads = [row.headcount for row in whole[:1] or rolls]
    return Reading(excluded, sum(heads) if heads else None)


def _incidents(world: World) -> Iterator[Incident]:
    """Counted incidents of the local log if it was delivered (even empty), else of SSD."""
    if world.delivered(EXT):
        for row in _logged(world):
            if row.missing_from_at and not _away(row.incident_type) and not _elsewhere(world, row):
                yield _from_log(world, row)
        return
    for row in world.rows(SSD):
        began = row.miss_missing_episode_start_date
        if began is not None and not _away(row.miss_missing_episode_type):
            child = world.child(row.miss_person_id)
            returned = row.miss_missing_episode_end_date
            care = "care" if world.in_episode(child, began) else "home"
            setting = care if world.delivered(EPISODES) else "unknown"
            yield Incident(child, began, None, returned, setting, "unknown")


def _known_by(world: World) -> dict[str, str]:
    """Several numbers for one child and the same minutes are one incident; days do not tell."""
    same = ("missing_from_at", "returned_at", "time_precision", "incident_type")
    precise = {
        row.missing_id for row in world.rows(EXT) if (row.time_precision or "").lower() == "minute"
    }
    known = world.known_by(EXT, "missing_id", "person_id", *same)
    return {number: one if number in precise else number for number, one in known.items()}


def _logged(world: World) -> list[Row]:
    known = _known_by(world)
    return [row for row in world.rows(EXT) if known[row.missing_id] == row.missing_id]


def _from_log(world: World, row: Row) -> Incident:
    began: datetime = row.missing_from_at
    returned: datetime | None = row.returned_at
    timed = returned is not None and (row.time_precision or "").lower() == "minute"
    return Incident(
        world.child(row.person_id),
        began.date(),
        elapsed_hours(began, returned) if returned is not None and timed else None,
        None if returned is None else returned.date(),
        _lower(row.setting),
        _placed(row),
    )


def _places(incident: Incident) -> dict[str, str]:
    return {"setting": incident.setting, "in_out_borough": incident.placed}


def _placed(row: Row) -> str:
    return {"Y": "out", "N": "in"}.get(row.placed_out_of_borough, "unknown")


def _duration_band(incident: Incident, as_at: date) -> str:
    if incident.returned is None or incident.returned > as_at:
        return "still missing"
    return "not timed" if incident.hours is None or incident.hours < 0 else _band(incident.hours)


def _band(hours: float) -> str:
    if hours < 6:
        return "under 6h"
    if hours < 24:
        return "6-24h"
    return "1-3 days" if hours <= 72 else "over 3 days"


def _away(kind: str | None) -> bool:
    return (kind or "").lower() == "away"


def _elsewhere(world: World, row: Row) -> bool:
    """Whether another authority answers for the child [G19]."""
    return row.responsible_la_code is not None and row.responsible_la_code != world.la_code


def _lower(value: str | None) -> str:
    return (value or "unknown").lower()


def _needed(interviews: list[Row]) -> bool:
    return any(interview.interview_needed == "Y" for interview in interviews)


def _declined(interviews: list[Row]) -> bool:
    answers = {interview.accepted for interview in interviews}
    return "N" in answers and "Y" not in answers


def _held_on(world: World, returned: date, interviews: list[Row]) -> date | None:
    """Day of the earliest interview held since the return; None when none was."""
    return min(
        (
            interview.interview_completed_date
            for interview in interviews
            if world.begun(interview.interview_completed_date)
            and interview.interview_completed_date >= returned
        ),
        default=None,
    )


INDICATORS = (
    missing_incidents_count,
    missing_children_count,
    missing_duration_median_hours,
    rhi_within_3wd_pct,
    rhi_within_72h_pct,
    rhi_offered_pct,
    permanent_exclusions_count,
    permanent_exclusion_rate_pct,
)
