"""Dashboard 2, Early Help."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from .calendar import is_open
from .cohorts import World
from .periods import COUNT, PERCENT, RATIO, Fact, Reading, flow, snapshot

REFERRALS, ASSESSMENTS = "ext_early_help_referrals", "ext_early_help_assessments"
EPISODES = "ssd_early_help_episodes"
HOLIDAYS = "ref_bank_holidays"
RECEIVED = f"{REFERRALS}.eh_referral_date"
COMPLETED = f"{ASSESSMENTS}.eh_assessment_completed_date"
LIMIT_WD = 30
MATURITY_WD = 60


@flow(COUNT, REFERRALS, starts=RECEIVED)
def eh_referrals_count(world: World) -> Iterator[Fact]:
    """Referrals, one row per child, on the day received; children unknown to SSD are kept."""
    for referral in world.rows(REFERRALS):
        if referral.eh_referral_date:
            yield Fact(referral.eh_referral_date)


@flow(COUNT, ASSESSMENTS, starts=COMPLETED)
def eh_assessments_completed_count(world: World) -> Iterator[Fact]:
    """Assessments on the day completed, linked to a referral or not; not if before their start."""
    for assessment_completed, _ in _completed(world):
        yield Fact(assessment_completed)


@flow(RATIO, ASSESSMENTS, REFERRALS, HOLIDAYS, starts=COMPLETED, history_months=12)
def eh_assessment_avg_wd(world: World) -> Iterator[Fact]:
    """Working days from referral to completion, pooled over the period's completions [G6].

    Only assessments with a known referral; completed before the referral is an error and out.
    """
    for completed, taken in _timed(world):
        yield Fact(completed, taken)


@flow(PERCENT, ASSESSMENTS, REFERRALS, HOLIDAYS, starts=COMPLETED, history_months=12)
def eh_assessments_within_30wd_pct(world: World) -> Iterator[Fact]:
    """The same assessments, those that took at most 30 working days."""
    for completed, taken in _timed(world):
        yield Fact(completed, taken <= LIMIT_WD)


@flow(PERCENT, REFERRALS, ASSESSMENTS, HOLIDAYS, starts=RECEIVED)
def eh_referral_to_assessment_pct(world: World) -> Iterator[Fact]:
    """All referrals received; those answered by an assessment begun within 60 working days.

    Linked by the referral alone. An assessment begun before the referral, or after the as-at day,
    does not answer it.
    """
    begun = defaultdict(list)
    for assessment in world.rows(ASSESSMENTS):
        if assessment.eh_assessment_start_date is not None:
            begun[assessment.eh_referral_id].append(assessment.eh_assessment_start_date)
    for referral in world.rows(REFERRALS):
        received = referral.eh_referral_date
        if received is None:
            continue
        waits = [
            world.calendar.between(received, start)
            for start in begun[referral.eh_referral_id]
            if start <= world.as_at
        ]
        yield Fact(received, any(wait is not None and wait <= MATURITY_WD for wait in waits))


@snapshot(COUNT, EPISODES, starts=f"{EPISODES}.earl_episode_start_date")
def eh_open_episodes_count(world: World, day: date) -> Reading:
    """Children with an Early Help episode open at the day; two episodes are one child [G3, G5]."""
    children = set()
    for episode in world.rows(EPISODES):
        child = world.child(episode.earl_person_id)
        end = world.until_death(child, episode.earl_episode_end_date)
        if child is not None and is_open(episode.earl_episode_start_date, end, day):
            children.add(child)
    return Reading(len(children))


def _completed(world: World) -> Iterator[tuple[date, str | None]]:
    """Valid completions: the day, and the referral named."""
    for assessment in world.rows(ASSESSMENTS):
        start = assessment.eh_assessment_start_date
        completed = assessment.eh_assessment_completed_date
        if completed is not None and (start is None or completed >= start):
            yield completed, assessment.eh_referral_id


def _timed(world: World) -> Iterator[tuple[date, int]]:
    """Completions with a known referral: the day, and the working days since the referral."""
    received = {row.eh_referral_id: row.eh_referral_date for row in world.rows(REFERRALS)}
    for completed, referral in _completed(world):
        referred = received.get(referral)
        taken = world.calendar.between(referred, completed) if referred else None
        if taken is not None:
            yield completed, taken


INDICATORS = (
    eh_referrals_count,
    eh_assessments_completed_count,
    eh_assessment_avg_wd,
    eh_assessments_within_30wd_pct,
    eh_referral_to_assessment_pct,
    eh_open_episodes_count,
)
