"""Children who go missing from home and from care, and the interviews when they are back."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from orchestration.sample_council.calendar import ONE_DAY, clock_changes, month_ends
from orchestration.sample_council.chance import Bands, Choice, Quota, happens, whole
from orchestration.sample_council.code_maps import local
from orchestration.sample_council.histories import CarePeriod, Child, Incident
from orchestration.sample_council.places import NEARBY, borough_of
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import OLD_LA_CODE, Scene
from orchestration.sample_council.spelling import spelled

# About 55 incidents from care a year by 18 children (31 to 84 by 13 to 20), and twice as many from
# home; members were told that summers are worse and of 53 in a quarter.
_FROM_CARE_A_YEAR = 55
_FROM_HOME_A_YEAR = 115
_AGAIN_FROM_CARE, _AGAIN_FROM_HOME = 0.75, 0.35
_MOVED_TO_SUMMER = 0.2
_DRAWS = 60
_MINUTES_AWAY = Bands(
    (0.44, 45, 360), (0.36, 361, 1_440), (0.14, 1_441, 4_320), (0.06, 4_321, 15_000)
)
_AWAY = 0.06
_OTHER_AUTHORITY = 0.04
_DAY_ONLY = 0.1
_STILL_MISSING = 0.004
_RECORDED_DAYS = Bands((0.85, 0, 1), (0.12, 2, 6), (0.03, 7, 25))

_NO_INTERVIEW_ROW = 0.03
_NOT_NEEDED = 0.14
_ACCEPTED = Choice({"Y": 82, "N": 13, "no_reply": 5})
_INTERVIEW_WD = Bands((0.9, 0, 3), (0.07, 4, 8), (0.03, 9, 20))
_AGREED_BUT_NEVER = 0.03
_SECOND_ATTEMPT = 0.05
_LATE = Choice(
    {
        "child not available": 45,
        "declined later": 18,
        "notified late": 17,
        "other": 12,
        "process error": 8,
    }
)
_TYPE = "ssd_missing.miss_missing_episode_type"


def tell_incidents(
    scene: Scene, at_home: Sequence[Child], periods: Sequence[CarePeriod]
) -> list[Incident]:
    """Incidents of the history in the order they began."""
    rng = scene.random("missing")
    span = (scene.as_at - scene.start).days / 365.25
    incidents = [*_from_care(rng, scene, periods, span), *_from_home(rng, scene, at_home, span)]
    incidents.sort(key=_order)
    _over_nights_that_matter(scene, incidents)
    scene.stories.tell_incidents(incidents, at_home, scene.as_at, scene.random("story missing"))
    return sorted(incidents, key=_order)


def _from_care(
    rng: Random, scene: Scene, periods: Sequence[CarePeriod], span: float
) -> Iterator[Incident]:
    """Few young people in care go missing, but again and again."""
    able = [period for period in periods if not period.short_break]
    again: list[CarePeriod] = []
    for _ in range(scene.number(_FROM_CARE_A_YEAR * span) if able else 0):
        day = _day(rng, scene)
        period = _drawn(rng, again[-30:], day) if happens(rng, _AGAIN_FROM_CARE) else None
        period = period or _drawn(rng, able, day)
        if period is not None:
            again.append(period)
            incident = _incident(rng, scene, period.child, day, care=True)
            placement = period.placement_at(day)
            borough = borough_of(placement.postcode) if placement else None
            incident.out = None if borough is None else borough != OLD_LA_CODE
            yield incident


def _from_home(
    rng: Random, scene: Scene, at_home: Sequence[Child], span: float
) -> Iterator[Incident]:
    """Most children who go missing from home do so once."""
    again: list[Child] = []
    for _ in range(scene.number(_FROM_HOME_A_YEAR * span) if at_home else 0):
        day = _day(rng, scene)
        known = again[-40:] if happens(rng, _AGAIN_FROM_HOME) else []
        for group in (group for group in (known, *[at_home] * _DRAWS) if group):
            child = group[whole(rng, 0, len(group) - 1)]
            if 10 <= child.age(day) < 18 and child.alive_until() > day:
                again.append(child)
                yield _incident(rng, scene, child, day, care=False)
                break


def _drawn(rng: Random, periods: Sequence[CarePeriod], day: date) -> CarePeriod | None:
    """A period of care of someone of 11 or more on `day`, found by drawing."""
    for _ in range(_DRAWS if periods else 0):
        period = periods[whole(rng, 0, len(periods) - 1)]
        standing = period.start <= day < min(period.end, period.child.alive_until())
        if standing and period.child.age(day) >= 11:
            return period
    return None


def _incident(rng: Random, scene: Scene, child: Child, day: date, care: bool) -> Incident:
    began = datetime.combine(day, time((whole(rng, 15, 26)) % 24, whole(rng, 0, 59)))
    still = happens(rng, _STILL_MISSING) and day > scene.as_at - timedelta(days=20)
    returned = None if still else began + timedelta(minutes=_MINUTES_AWAY.pick(rng))
    elsewhere = NEARBY[whole(rng, 0, len(NEARBY) - 1)] if happens(rng, _OTHER_AUTHORITY) else None
    return Incident(
        child=child,
        began=began,
        returned=returned,
        care=care,
        out=bool(elsewhere) if care else False,
        away=happens(rng, _AWAY),
        other_authority=elsewhere if care else None,
        day_only=happens(rng, _DAY_ONLY),
        recorded=began + timedelta(days=_RECORDED_DAYS.pick(rng), minutes=whole(rng, 30, 500)),
    )


def _day(rng: Random, scene: Scene) -> date:
    """Any day; one in five is moved to the summer of its year if that lies in the history."""
    day = scene.start + timedelta(days=whole(rng, 0, (scene.as_at - scene.start).days))
    summer = date(day.year, 6, 10) + timedelta(days=whole(rng, 0, 85))
    if happens(rng, _MOVED_TO_SUMMER) and scene.start <= summer <= scene.as_at:
        return summer
    return day


def _over_nights_that_matter(scene: Scene, incidents: list[Incident]) -> None:
    """Move one incident to each night the clocks change, and some to the last night of a month.

    In every other year the child is back in the hour that is missing (March) or repeated
    (October), else in the morning.
    """
    free = [one for one in incidents if one.returned and not one.day_only and one.counts()]
    changes = enumerate(clock_changes(scene.start, scene.as_at))
    nights = [(sunday - ONE_DAY, 6 if number % 4 < 2 else 1) for number, sunday in changes]
    nights += [(end, 3) for end in month_ends(scene.start, scene.as_at)[:-1:6]]
    for place, (night, hour) in enumerate(sorted(nights)):
        for incident in free[place * len(free) // len(nights) :][:1]:
            incident.began = datetime.combine(night, time(22, (15 + place) % 60))
            incident.returned = datetime.combine(night + ONE_DAY, time(hour, 30))
            incident.recorded = incident.returned + timedelta(hours=3)


def write_missing(tables: Tables, scene: Scene, incidents: Sequence[Incident]) -> None:
    """ssd_missing and the local log with the same identifiers, and the return interviews."""
    rng, interviews, quota = scene.random("missing rows"), scene.random("interviews"), Quota()
    for number, incident in enumerate(incidents, 1):
        began = incident.began.date()
        if not scene.start <= began <= incident.recorded.date() <= scene.as_at:
            continue
        identifier = f"MIS-{number:06d}"
        back = incident.returned
        if back is not None and back.date() > scene.as_at:
            back = None
        _write_ssd(tables, rng, identifier, incident, back)
        _write_log(tables, rng, identifier, incident, back)
        if back is not None:
            _write_interviews(tables, scene, interviews, quota, identifier, incident, back.date())


def _write_ssd(
    tables: Tables, rng: Random, identifier: str, incident: Incident, back: datetime | None
) -> None:
    offered = "NA" if incident.away else "Y" if happens(rng, 0.9) else "N"
    offered = offered if back and not happens(rng, 0.02) else ""
    accepted = "Y" if happens(rng, 0.8) else "N"
    tables["ssd_missing"].add(
        miss_table_id=identifier,
        miss_person_id=incident.child.person_id,
        miss_missing_episode_start_date=incident.began,
        miss_missing_episode_end_date=back,
        miss_missing_episode_type=local(_TYPE, "Away" if incident.away else "Missing"),
        miss_missing_rhi_offered=offered or None,
        miss_missing_rhi_accepted=accepted if offered == "Y" else "NA" if offered else None,
    )


def _write_log(
    tables: Tables, rng: Random, identifier: str, incident: Incident, back: datetime | None
) -> None:
    midnight = time()
    began = datetime.combine(incident.began, midnight) if incident.day_only else incident.began
    returned = datetime.combine(back, midnight) if back and incident.day_only else back
    tables["ext_missing_episodes"].add(
        missing_id=identifier,
        person_id=incident.child.person_id,
        missing_from_at=began,
        returned_at=returned,
        time_precision="day" if incident.day_only else "minute",
        setting="care" if incident.care else "home",
        incident_type="away" if incident.away else "missing" if happens(rng, 0.9) else None,
        placed_out_of_borough=spelled(rng, incident.out),
        responsible_la_code=incident.other_authority
        or (OLD_LA_CODE if happens(rng, 0.8) else None),
        recorded_at=incident.recorded,
    )


def _write_interviews(
    tables: Tables,
    scene: Scene,
    rng: Random,
    quota: Quota,
    identifier: str,
    incident: Incident,
    back: date,
) -> None:
    taken = _INTERVIEW_WD.pick(rng)
    needed = not happens(rng, _NOT_NEEDED)
    accepted = _ACCEPTED.pick(rng) if needed else None
    harder = incident.care and bool(incident.out)
    told = scene.stories.interviews_on_time(back, harder) if accepted == "Y" else None
    if told is not None:
        taken = whole(rng, 0, 3) if quota.take(told) else whole(rng, 4, 9)
    completed = None
    if accepted == "Y" and not happens(rng, _AGREED_BUT_NEVER):
        completed = scene.seen(scene.working_days.add(back, taken))
    late = needed and accepted == "Y" and _late(scene, back, completed)
    reason = scene.stories.late_reason(back, rng) or _LATE.pick(rng)
    if happens(rng, _NO_INTERVIEW_ROW):
        return
    attempts = 2 if happens(rng, _SECOND_ATTEMPT) else 1
    for attempt in range(1, attempts + 1):
        first_of_two = attempt < attempts
        tables["ext_return_interviews"].add(
            rhi_id=f"RHI-{identifier}-{attempt}",
            missing_id=identifier,
            interview_needed="Y" if needed else "N",
            offered_date=scene.seen(scene.working_days.add(back, attempt)) if needed else None,
            accepted="no_reply" if first_of_two and needed else accepted,
            interview_completed_date=None if first_of_two else completed,
            late_reason=reason if late and not first_of_two else None,
        )


def _late(scene: Scene, back: date, completed: date | None) -> bool:
    return scene.working_days.between(back, completed or scene.as_at) > 3


def _order(incident: Incident) -> tuple[datetime, int]:
    return incident.began, incident.child.number
