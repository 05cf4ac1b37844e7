"""What committee papers told of, made to happen in the sample council to the last case.

The stories of 2018-19 keep their months; the others happen in the newest months delivered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from orchestration.sample_council.calendar import WorkingDays, add_months, month_end
from orchestration.sample_council.chance import Bands, Choice, whole
from orchestration.sample_council.histories import Case, Child, Incident, Journey, Leaver

LEAST_SIZE = 2_000
YEAR, MARCH, APRIL = date(2018, 4, 1), date(2019, 3, 1), date(2019, 4, 1)
EASTER, RETURNS_IN_APRIL = date(2019, 4, 19), 8
YEAR_WD, MARCH_WD, APRIL_WD = 40, 29, 43
INCIDENTS, MISSING_CHILDREN = 53, 31
LEAVERS, NOT_SUITABLE = 100, ("X", "S", "Y")
OPEN_ASSESSMENTS, OPEN_WD = 25, 45

# From the month on: more and more visits within 15 working days, still too few within 10.
_VISITS = {
    date(2018, 4, 1): Bands((0.62, 4, 10), (0.2, 11, 15), (0.18, 16, 27)),
    date(2019, 1, 1): Bands((0.63, 4, 10), (0.23, 11, 15), (0.14, 16, 27)),
    date(2019, 2, 1): Bands((0.65, 4, 10), (0.26, 11, 15), (0.09, 16, 24)),
    date(2019, 3, 1): Bands((0.66, 4, 10), (0.325, 11, 15), (0.015, 16, 20)),
}
_INTERVIEW_REASONS = Choice({"child not available": 5, "declined later": 2, "process error": 3})
_BEHIND_WITH_RECORDING = Bands((0.3, 3, 8), (0.7, 12, 35))


@dataclass(frozen=True)
class Stories:
    """Which stories to tell; none unless asked for.

    early_help: assessments took 40 working days in 2018-19, at most 30 in March and 43 in April
    2019. june_2019: that, and the other four areas for improvement of the paper of June 2019
    (reports, return interviews, supervision, visits), while decisions, assessments and reviews
    are in time. missing: 53 incidents by 31 children in the
    newest closed quarter. care_leavers: 100 at the as-at day, three of them not suitably housed.
    open_assessments: 25 open beyond 45 working days at the as-at day.
    """

    early_help: bool = False
    june_2019: bool = False
    missing: bool = False
    care_leavers: bool = False
    open_assessments: bool = False

    def check(self, start: date, as_at: date, size: int) -> None:
        """Raise `ValueError` where a story does not fit into the history or the council."""
        if self != Stories() and size < LEAST_SIZE:
            raise ValueError(f"stories need a council of {LEAST_SIZE} children or more")
        if (self.early_help or self.june_2019) and not (
            start <= YEAR and month_end(APRIL) <= as_at
        ):
            raise ValueError("early_help and june_2019 need a history of April 2018 to April 2019")

    def tell_early_help(self, journeys: Sequence[Journey], days: WorkingDays) -> None:
        """Move the referrals so that the averages are those of the paper, and record promptly."""
        if not (self.early_help or self.june_2019):
            return
        timed = [
            journey
            for journey in journeys
            if journey.referred and journey.completed and journey.completed >= YEAR
            if journey.completed <= month_end(APRIL)
        ]
        year = [journey for journey in timed if _completed(journey) < MARCH]
        march = [journey for journey in timed if MARCH <= _completed(journey) < APRIL]
        april = [journey for journey in timed if _completed(journey) >= APRIL]
        _last_together(march, MARCH_WD * len(march), days)
        whole_year = YEAR_WD * (len(year) + len(march))
        _last_together(year, whole_year - MARCH_WD * len(march), days)
        _last_together(april, APRIL_WD * len(april), days)

    def tell_incidents(
        self, incidents: list[Incident], at_home: Sequence[Child], as_at: date, rng: Random
    ) -> None:
        """Leave out or add incidents of the newest closed quarter until there are 53 by 31."""
        if self.june_2019:
            _fill_up(incidents, at_home, (APRIL, EASTER), RETURNS_IN_APRIL, rng)
        if not self.missing:
            return
        told = _fill_up(incidents, at_home, newest_quarter(as_at), INCIDENTS, rng)
        for surplus in told[INCIDENTS:]:
            incidents.remove(surplus)
        del told[INCIDENTS:]
        _by_so_many(told, at_home, rng)
        for incident in told:
            incident.recorded = incident.began

    def tell_leavers(
        self, leavers: list[Leaver], as_at: date, another: Callable[[], Leaver]
    ) -> None:
        """Make the cohort 100, three of them not suitably housed."""
        if not self.care_leavers:
            return
        while sum(leaver.counts(as_at) for leaver in leavers) < LEAVERS:
            leavers.append(another())
        cohort = [leaver for leaver in leavers if leaver.counts(as_at)]
        for surplus in cohort[LEAVERS:]:
            surplus.qualifying = True
        for place, leaver in enumerate(cohort[:LEAVERS]):
            unsuitable = place < len(NOT_SUITABLE)
            state = leaver.state(as_at)
            home = NOT_SUITABLE[place] if unsuitable else "U"
            if unsuitable or not state.suitable:
                changed = replace(state, accommodation=home, suitable=not unsuitable)
                leaver.states[leaver.states.index(state)] = changed

    def tell_assessments(
        self,
        cases: Sequence[Case],
        as_at: date,
        days: WorkingDays,
        touches: Callable[[date, date | None], bool],
    ) -> None:
        """Authorise late assessments, or leave some of one child open, until 25 are late."""
        if not self.open_assessments:
            return
        late, able = 0, []
        for case in reversed(cases):
            assessment = case.assessment
            if assessment is None or not all(touches(case.day, on) for on in case.closes):
                continue
            if days.between(assessment.start, as_at) <= OPEN_WD:
                continue
            alive = all(child.alive_until() > as_at for child in case.children)
            if assessment.done is None or assessment.done > as_at:
                if alive and late + len(case.children) <= OPEN_ASSESSMENTS:
                    late += len(case.children)
                else:
                    assessment.done = days.back(as_at, 2)
            elif alive and len(case.children) == 1:
                able.append(case)
        able.sort(key=lambda case: case.day, reverse=True)
        for case in able[: OPEN_ASSESSMENTS - late]:
            if case.assessment is not None:
                case.assessment.done = None
                case.closes = [as_at + timedelta(days=200)]

    def goes_well(self, day: date) -> bool:
        """Whether what the paper of June 2019 has no word on is in time on that day."""
        return self.june_2019 and day <= month_end(APRIL)

    def visit_gaps(self, day: date) -> Bands | None:
        """Working days to the next protection visit after one on `day`."""
        if not self.june_2019 or not YEAR <= day <= month_end(APRIL):
            return None
        return [bands for since, bands in _VISITS.items() if since <= day][-1]

    def reports_on_time(self, meeting: date, dual: bool) -> float | None:
        """Share of reports shared in time for a meeting; Easter and dual plans cost time."""
        if not self.june_2019 or month_end(meeting) != month_end(APRIL):
            return None
        return 0.2 if dual else 0.35

    def interviews_on_time(self, returned: date, harder: bool) -> float | None:
        """Share of return interviews held in time; placements elsewhere are harder to reach."""
        if not self.june_2019 or month_end(returned) != month_end(APRIL):
            return None
        return 0.25 if harder else 0.5

    def late_reason(self, returned: date, rng: Random) -> str | None:
        """Why an interview was late."""
        told = self.interviews_on_time(returned, False) is not None
        return _INTERVIEW_REASONS.pick(rng) if told else None

    def recording_lag(self, supervised: date) -> Bands | None:
        """Working days until a supervision was recorded: held all the same."""
        behind = self.june_2019 and MARCH <= supervised <= month_end(APRIL)
        return _BEHIND_WITH_RECORDING if behind else None


def newest_quarter(as_at: date) -> tuple[date, date]:
    """First and last day of the newest financial quarter ended by `as_at`."""
    first = add_months(as_at.replace(day=1), -((as_at.month - 1) % 3))
    if month_end(add_months(first, 2)) > as_at:
        first = add_months(first, -3)
    return first, month_end(add_months(first, 2))


def _completed(journey: Journey) -> date:
    return journey.completed or date.max


def _last_together(journeys: Sequence[Journey], total: int, days: WorkingDays) -> None:
    """Stretch or shorten journeys of one working day or more so that they last `total` days."""
    lengths = [
        max(1, days.between(journey.referred, journey.completed))
        for journey in journeys
        if journey.referred and journey.completed
    ]
    while lengths and (missing := total - sum(lengths)):
        step = max(1, abs(missing) // len(lengths)) * (1 if missing > 0 else -1)
        for place, length in enumerate(lengths):
            if abs(missing) < abs(step) or not missing:
                break
            changed = max(1, length + step)
            missing -= changed - length
            lengths[place] = changed
    for journey, length in zip(journeys, lengths, strict=True):
        completed = _completed(journey)
        journey.referred = days.back(completed, length)
        journey.started = max(journey.referred, min(journey.started or completed, completed))
        journey.lag = 0


def _fill_up(
    incidents: list[Incident],
    at_home: Sequence[Child],
    span: tuple[date, date],
    number: int,
    rng: Random,
) -> list[Incident]:
    """Add incidents until `number` of the council's own begin in the span; all of those."""
    first, last = span
    told = [one for one in incidents if one.counts() and first <= one.began.date() <= last]
    told.sort(key=lambda incident: incident.began)
    able = _teenagers(at_home, first)
    while len(told) < number:
        day = first + timedelta(days=whole(rng, 0, (last - first).days))
        began = datetime.combine(day, time(whole(rng, 15, 23), whole(rng, 0, 59)))
        added = replace(
            incidents[0],
            child=able[whole(rng, 0, len(able) - 1)],
            began=began,
            returned=began + timedelta(minutes=whole(rng, 60, 2_000)),
            care=False,
            out=False,
            away=False,
            other_authority=None,
            day_only=False,
            recorded=began,
        )
        told.append(added)
        incidents.append(added)
    return told


def _teenagers(children: Sequence[Child], day: date) -> list[Child]:
    return [one for one in children if 11 <= one.age(day) < 17 and one.alive_until() > day]


def _by_so_many(told: Sequence[Incident], at_home: Sequence[Child], rng: Random) -> None:
    """Let 31 children be missing: others at home where there are fewer, the same where more."""
    known: dict[int, Incident] = {}
    again: list[Incident] = []
    for incident in told:
        if incident.child.number not in known and len(known) < MISSING_CHILDREN:
            known[incident.child.number] = incident
        else:
            again.append(incident)
    others = [
        child for child in _teenagers(at_home, told[0].began.date()) if child.number not in known
    ]
    for incident in again:
        if len(known) < MISSING_CHILDREN:
            incident.child = others.pop(whole(rng, 0, len(others) - 1))
            incident.care = incident.out = False
            known[incident.child.number] = incident
        elif incident.child.number not in known:
            model = list(known.values())[whole(rng, 0, MISSING_CHILDREN - 1)]
            incident.child, incident.care, incident.out = model.child, model.care, model.out
