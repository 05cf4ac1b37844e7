"""Early help: referrals, assessments (not every one answers a referral) and episodes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.histories import Child, Family, Journey
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene

# No official figures. Wokingham expects 30 working days and told members of more assessments than
# referrals, because some begin without one.
_FAMILIES_A_YEAR = 520
_SIBLING = 0.75
_ASSESSED = 0.62
_ANSWER_WD = Bands((0.5, 12, 28), (0.3, 29, 38), (0.15, 39, 58), (0.05, 59, 85))
_WITHOUT_REFERRAL_A_YEAR = 300
_OWN_WD = Bands((0.6, 8, 25), (0.4, 26, 50))
_EASTER_WD = 4
_RECORDED_DAYS = Bands((0.75, 0, 2), (0.2, 3, 12), (0.05, 13, 40))
_EPISODE = 0.8
_EPISODE_DAYS = Bands((0.4, 60, 140), (0.6, 141, 300))
_UNKNOWN_TO_SOCIAL_CARE = 0.08
_SOURCES = Choice(
    {"school": 46, "health": 18, "police": 8, "self": 10, "social care": 13, "other": 5}
)
_NOT_ASSESSED = Choice(
    {"not needed": 30, "declined": 34, "could not engage": 22, "stepped up": 8, "other": 6}
)
_END_REASONS = Choice(
    {"needs met": 62, "stepped up": 11, "declined": 15, "moved away": 5, "other": 7}
)
_TEAMS = ("TEAM-08", "TEAM-09")


def tell_early_help(scene: Scene, families: Sequence[Family]) -> list[Journey]:
    """Every journey that begins in the history or in the year before it."""
    rng = scene.random("early help")
    first = scene.start - timedelta(days=365)
    span = (scene.as_at - first).days / 365.25
    journeys: list[Journey] = []
    for _ in range(scene.number(_FAMILIES_A_YEAR * span)):
        day = scene.seasons.pick(rng, first, scene.as_at)
        for child in _some(rng, families, day):
            journeys.append(_referred(rng, scene, child, day, len(journeys) + 1))
    for _ in range(scene.number(_WITHOUT_REFERRAL_A_YEAR * span)):
        day = scene.seasons.pick(rng, first, scene.as_at)
        for child in _some(rng, families, day):
            journeys.append(_unasked(rng, scene, child, day, len(journeys) + 1))
    scene.stories.tell_early_help(journeys, scene.working_days)
    return journeys


def write_early_help(tables: Tables, scene: Scene, journeys: Iterable[Journey]) -> None:
    """Referrals, assessments and episodes, as far as they had been entered by the as-at day."""
    rng = scene.random("early help rows")
    for journey in journeys:
        _write_referral(tables, scene, rng, journey)
        _write_assessment(tables, scene, rng, journey)
        _write_episode(tables, scene, rng, journey)


def _some(rng: Random, families: Sequence[Family], day: date) -> list[Child]:
    """Children of one family that was known by then (or soon would be)."""
    for _ in range(20):
        family = families[whole(rng, 0, len(families) - 1)]
        able = [
            child
            for child in family.children
            if child.birth <= day < child.alive_until() and child.age(day) < 18
        ]
        if able and not able[0].arrived:
            return [child for child in able if happens(rng, _SIBLING)] or able[:1]
    return []


def _referred(rng: Random, scene: Scene, child: Child, day: date, number: int) -> Journey:
    known, lag = not happens(rng, _UNKNOWN_TO_SOCIAL_CARE), _RECORDED_DAYS.pick(rng)
    source, reason = _SOURCES.pick(rng), _NOT_ASSESSED.pick(rng)
    if not happens(rng, _ASSESSED):
        return Journey(number, child, day, None, None, known, source, reason, lag)
    taken = _ANSWER_WD.pick(rng) + (_EASTER_WD if day.month == 3 else 0)
    started = scene.working_days.add(day, whole(rng, 2, max(3, taken // 2)))
    completed = scene.working_days.add(day, taken)
    return Journey(number, child, day, started, completed, known, source, None, lag)


def _unasked(rng: Random, scene: Scene, child: Child, day: date, number: int) -> Journey:
    known, lag = not happens(rng, _UNKNOWN_TO_SOCIAL_CARE), _RECORDED_DAYS.pick(rng)
    completed = scene.working_days.add(day, _OWN_WD.pick(rng))
    return Journey(number, child, None, day, completed, known, "", None, lag)


def _write_referral(tables: Tables, scene: Scene, rng: Random, journey: Journey) -> None:
    entered = _entered(rng, journey, journey.referred)
    if journey.referred is None or entered is None:
        return
    # At the latest when the assessment begins.
    entered = min(entered, datetime.combine(journey.started or date.max, time(18)))
    if entered.date() > scene.as_at:
        return
    if (journey.completed or journey.referred) < scene.start:
        return
    decided = scene.working_days.add(journey.referred, 15)
    tables["ext_early_help_referrals"].add(
        eh_referral_id=f"EHR-{journey.number:06d}",
        person_id=journey.person_id,
        family_id=f"FAM-{journey.child.family:06d}",
        eh_referral_date=journey.referred,
        referral_source=journey.source,
        closed_without_assessment_reason=journey.not_assessed if scene.seen(decided) else None,
        recorded_at=entered,
    )


def _write_assessment(tables: Tables, scene: Scene, rng: Random, journey: Journey) -> None:
    """The start is entered at once, the completion when somebody gets to it."""
    started, completed = journey.started, journey.completed
    if started is None or completed is None or started > scene.as_at or completed < scene.start:
        return
    entered = _entered(rng, journey, completed)
    done = entered is not None and entered.date() <= scene.as_at
    tables["ext_early_help_assessments"].add(
        eh_assessment_id=f"EHA-{journey.number:06d}",
        eh_referral_id=f"EHR-{journey.number:06d}" if journey.referred else None,
        person_id=journey.person_id,
        family_id=f"FAM-{journey.child.family:06d}",
        eh_assessment_start_date=started,
        eh_assessment_completed_date=completed if done else None,
        team_id=_TEAMS[journey.child.family % 2],
        recorded_at=entered if done else datetime.combine(started, time(9)),
    )


def _write_episode(tables: Tables, scene: Scene, rng: Random, journey: Journey) -> None:
    """Help goes on after the assessment for most; only of children social care knows."""
    lasts, gap = _EPISODE_DAYS.pick(rng), whole(rng, 0, 10)
    if journey.completed is None or not journey.known or not happens(rng, _EPISODE):
        return
    start = journey.completed + timedelta(days=gap)
    end = start + timedelta(days=lasts)
    if not scene.touches(start, end) or start >= journey.child.alive_until():
        return
    over = scene.seen(end)
    tables["ssd_early_help_episodes"].add(
        earl_episode_id=f"EHE-{journey.number:06d}",
        earl_person_id=journey.person_id,
        earl_episode_start_date=start,
        earl_episode_end_date=over,
        earl_episode_reason="family support",
        earl_episode_end_reason=_END_REASONS.pick(rng) if over else None,
        earl_episode_organisation="Sample Borough Early Help",
    )


def _entered(rng: Random, journey: Journey, day: date | None) -> datetime | None:
    at = time(whole(rng, 8, 18), whole(rng, 0, 59))
    return None if day is None else datetime.combine(day + timedelta(days=journey.lag), at)
