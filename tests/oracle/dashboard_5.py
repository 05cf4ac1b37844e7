"""Dashboard 5, Children in Care."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from .calendar import ONE_DAY, add_months, in_window, is_open, month_end_before
from .care import TEMPORARY, CarePeriod, Placement, tidy_postcode
from .cohorts import World
from .dashboard_4 import reports_due
from .delivery import ROLE_MAP
from .periods import COUNT, PERCENT, RATIO, Fact, Member, Reading, flow, share, snapshot

EPISODES, LEGAL, PLACEMENTS = "ssd_cla_episodes", "ssd_legal_status", "ssd_cla_placement"
VISITS, REVIEWS, HEALTH = "ssd_cla_visits", "ssd_cla_reviews", "ssd_cla_health"
REPORTS, PERSONS, HOLIDAYS = "ext_sw_reports", "ssd_person", "ref_bank_holidays"
WORKERS = ("ssd_involvements", "ssd_professionals", ROLE_MAP)
EPISODE_START = f"{EPISODES}.clae_cla_episode_start_date"
LASTING = frozenset({"U1", "U4"})
WITH_PARENTS = "P1"
WEEK = timedelta(days=7)
FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})


@snapshot(COUNT, EPISODES, LEGAL, starts=EPISODE_START)
def cic_count(world: World, day: date) -> Reading:
    """Children in care at the day, short breaks left out [G17]."""
    return Reading(len(world.care_cohort(day)))


@snapshot(RATIO, EPISODES, LEGAL, "ref_population", starts=EPISODE_START)
def cic_rate_per_10k(world: World, day: date) -> Reading:
    """Children in care per 10,000 aged 0-17, by the estimate in force at the day [G17, G19]."""
    return Reading(len(world.care_cohort(day)), world.population_in_10k(day))


@snapshot(PERCENT, EPISODES, LEGAL, *WORKERS, starts=EPISODE_START, history_months=12)
def cic_more_than_one_sw_12m_pct(world: World, day: date) -> Reading:
    """Children in care at the day; those with two or more allocated workers in twelve months.

    A worker counts who shared a day of care with the child in the window [G8, G18]; one who came
    back counts once. By reason: counted children with a worker for whom that reason is given.
    """
    reading = _with_workers(world, day, 2)
    parts: dict[tuple[str, str], tuple[float, float | None]] = {}
    for child in world.care_cohort(day):
        posts = world.workers_in_window(child, day)
        if len({post.worker for post in posts}) < 2:
            continue
        reasons = {post.change_reason for post in posts if post.change_reason}
        for reason in reasons or {"not recorded"}:
            part = "worker_change_reason", reason
            parts[part] = (parts.get(part, (0, None))[0] + 1, reading.denominator)
    return Reading(reading.numerator, reading.denominator, parts)


@snapshot(PERCENT, EPISODES, LEGAL, *WORKERS, starts=EPISODE_START, history_months=12)
def cic_three_plus_sw_12m_pct(world: World, day: date) -> Reading:
    """The same with three or more allocated workers."""
    return _with_workers(world, day, 3)


@flow(
    PERCENT,
    VISITS,
    PLACEMENTS,
    EPISODES,
    LEGAL,
    starts=None,
    history_months=7,
    chains=lambda world: _visit_gaps(world),
)
def cic_statutory_visits_in_timescale_pct(world: World) -> Iterator[Fact]:
    """Visits due to children in care; those made in time.

    One within 7 days of each placement's start, then one within 42 days of each visit (91 in a
    lasting placement after a year). With own parents under an interim care order weekly until the
    first review and every 28 days since; within 7 days of a full care order. A missed one falls
    due again, also where the child was never visited. A move sets new dates.
    """
    for child in {*world.placements_by_child, *world.care_periods_by_child}:
        yield from (Fact(due, met) for due, met in _visits_due(world, child))
    for placement in world.placements:
        due = placement.start + WEEK
        if placement.child is None and _is_visited(placement) and _lasts(world, placement, due):
            yield Fact(due, False)


@flow(PERCENT, REPORTS, HOLIDAYS, starts=f"{REPORTS}.meeting_date")
def cic_reports_shared_on_time_pct(world: World) -> Iterator[Fact]:
    """Reports required for care reviews; those shared at least 3 working days before."""
    return reports_due(world, {"CIC_REVIEW": 3})


@flow(PERCENT, REVIEWS, EPISODES, starts=f"{REVIEWS}.clar_cla_review_due_date", history_months=7)
def cic_reviews_in_timescale_pct(world: World) -> Iterator[Fact]:
    """Reviews (not children) due; those held by the due date.

    Not the cancelled, nor those due after the period of care ended; due on its last day counts. An
    unknown period of care is kept.
    """
    days = ("clar_cla_review_due_date", "clar_cla_review_date", "clar_cla_review_cancelled")
    for row in world.each_once(REVIEWS, "clar_cla_review_id", "clar_cla_id", *days):
        due, held = row.clar_cla_review_due_date, row.clar_cla_review_date
        if due is None or row.clar_cla_review_cancelled == "Y":
            continue
        period = world.care_periods.get(row.clar_cla_id or "")
        if period is None or period.end is None or period.end >= due:
            yield Fact(due, held is not None and held <= due)


@snapshot(PERCENT, EPISODES, LEGAL, *WORKERS, starts=EPISODE_START)
def cic_allocated_social_worker_pct(world: World, day: date) -> Reading:
    """Children in care at the day; those with an allocated social worker [G17, G18]."""
    with_worker = world.children_with_worker(day)
    return share((child in with_worker, {}) for child in world.care_cohort(day))


@snapshot(PERCENT, EPISODES, LEGAL, HEALTH, PERSONS, starts=EPISODE_START, history_months=12)
def cic_health_assessment_in_timescale_pct(world: World, day: date) -> Reading:
    """Children in care for twelve months; those with a completed assessment in that window.

    Six months instead of twelve for those under 5; an unknown age is 5 or over. Initial and review
    assessments both count, also from before care began [G8, G17].
    """
    return _checked(world, day, {"initial_health", "review_health"}, under_5=6)


@snapshot(PERCENT, EPISODES, LEGAL, HEALTH, PERSONS, starts=EPISODE_START, history_months=12)
def cic_dental_check_in_timescale_pct(world: World, day: date) -> Reading:
    """Children in care for twelve months, every age; those with a completed dental check."""
    return _checked(world, day, {"dental"}, under_5=12)


@snapshot(PERCENT, EPISODES, LEGAL, PLACEMENTS, "ref_postcode_la", starts=EPISODE_START)
def cic_placed_out_of_borough_pct(world: World, day: date) -> Reading:
    """Children in care at the day with a placement of known authority; those placed elsewhere.

    Their latest open placement; with own parents (P1), or a postcode not listed: out of both.
    """
    authority = {tidy_postcode(row.postcode): row.la_code for row in world.rows("ref_postcode_la")}
    members: list[Member] = []
    for child in world.care_cohort(day):
        placement = world.placement_at(child, day)
        if placement is None or placement.kind == "P1":
            continue
        placed_in = authority.get(placement.postcode)
        if placed_in is not None:
            members.append((placed_in != world.la_code, {}))
    return share(members)


@snapshot(PERCENT, EPISODES, LEGAL, PLACEMENTS, starts=EPISODE_START, history_months=12)
def cic_three_plus_placements_12m_pct(world: World, day: date) -> Reading:
    """Children in care at the day; those with three or more placement spells in twelve months.

    Temporary placements do not count, and what kept the carer (L, T, U) opens no new spell.
    The placement already running when the window opens counts.
    """
    opened = month_end_before(day, 12)
    members: list[Member] = []
    for child in world.care_cohort(day):
        inside = sum(
            start <= day and (end is None or end > opened + ONE_DAY or start > opened)
            for start, end in world.spells_by_child.get(child, [])
        )
        members.append((inside >= 3, {}))
    return share(members)


def _with_workers(world: World, day: date, number: int) -> Reading:
    return share(
        (len({post.worker for post in world.workers_in_window(child, day)}) >= number, {})
        for child in world.care_cohort(day)
    )


def _visits(world: World, child: str) -> list[date]:
    """Distinct days the child was seen while in a period of care, oldest first."""
    days = world.seen_by_child.get(child, set())
    return sorted(on for on in days if world.care_period_at(child, on) is not None)


def _visit_gaps(world: World) -> Iterator[tuple[date, date | None]]:
    """From entering care, and from every visit, to the next visit or the end of care.

    The part at the end in which the child was on short breaks does not count.
    """
    for child, periods in world.care_periods_by_child.items():
        for period in periods:
            seen = {
                on
                for on in _visits(world, child)
                if period.start <= on and (period.end is None or on <= period.end)
            }
            for anchor, following in pairwise([*sorted({period.start, *seen}), None]):
                if anchor is None:
                    continue
                until = following or period.end
                day = until or world.as_at + ONE_DAY
                while day > anchor and world.short_break(child, day - ONE_DAY):
                    until = day = day - ONE_DAY
                yield anchor, until


def _visits_due(world: World, child: str) -> Iterator[tuple[date, bool]]:
    """Every day on which a visit fell due, with whether it was made, anchor by anchor."""
    visits = _visits(world, child)
    begun = {
        (placement.start, placement.end): (placement.start, placement)
        for placement in world.placements_by_child.get(child, [])
        if _is_visited(placement)
    }
    starts = list(begun.values())
    starts += _orders_made(world, child)
    adoptions = [
        placement.start
        for placement in world.placements_by_child.get(child, [])
        if placement.kind in FOR_ADOPTION
    ]
    moves = sorted({*(on for on, _ in starts), *adoptions})
    for on, placement in starts:
        if _lasts(world, placement, on + WEEK):
            period = world.care_periods.get(placement.period_id or "")
            seen = next((visit for visit in visits if visit >= on), None)
            yield from _chain(world, child, on, WEEK, seen, period, moves)
    for visit in visits:
        placement = world.placement_at(child, visit)
        if placement is None or placement.kind not in FOR_ADOPTION:
            seen = next((later for later in visits if later > visit), None)
            interval = _interval(world, child, visit)
            period = world.care_period_at(child, visit)
            yield from _chain(world, child, visit, interval, seen, period, moves)


def _chain(
    world: World,
    child: str,
    anchor: date,
    first: timedelta,
    seen: date | None,
    period: CarePeriod | None,
    moves: list[date],
) -> Iterator[tuple[date, bool]]:
    """Due dates from one anchor on, until the child is seen, moves or leaves care."""
    moved = next((move for move in moves if move > anchor), None)
    ends = [end for end in (period.end if period else None, moved, world.as_at) if end is not None]
    due, is_first = anchor + first, True
    while due <= min(ends) and (is_first or seen is None or seen >= due):
        met = seen is not None and seen <= due
        if not world.short_break(child, due):
            yield due, met
        if met:
            return
        due, is_first = due + _interval(world, child, due), False


def _interval(world: World, child: str, day: date) -> timedelta:
    """How long the next visit may be away, by where the child lives on the day."""
    placement = world.placement_at(child, day)
    if placement is not None and placement.kind == WITH_PARENTS and _under(world, child, "C1", day):
        return WEEK if _before_review(world, placement, day) else timedelta(days=28)
    return timedelta(days=91 if _long_term(placement, day) else 42)


def _orders_made(world: World, child: str) -> list[tuple[date, Placement]]:
    """Care orders made while the child lived with parents; interim ones before the first review."""
    found = []
    for status, on, _ in world.care_orders.get(child, []):
        placement = world.placement_at(child, on)
        if placement is None or placement.kind != WITH_PARENTS or placement.start >= on:
            continue
        if status == "C2" or _before_review(world, placement, on):
            found.append((on, placement))
    return found


def _under(world: World, child: str, status: str, day: date) -> bool:
    orders = world.care_orders.get(child, [])
    return any(code == status and is_open(start, end, day) for code, start, end in orders)


def _before_review(world: World, placement: Placement, day: date) -> bool:
    """Before the first review; without any reviews on file it is taken to be over."""
    if not world.delivered(REVIEWS):
        return False
    reviewed = world.first_reviews.get(placement.period_id or "")
    return reviewed is None or day < reviewed


def _is_visited(placement: Placement) -> bool:
    return placement.kind not in TEMPORARY | FOR_ADOPTION


def _lasts(world: World, placement: Placement, day: date) -> bool:
    """Whether the placement and its period of care have not ended before the day."""
    period = world.care_periods.get(placement.period_id or "")
    ends = [placement.end, period.end if period else None, world.as_at]
    return all(end is None or day <= end for end in ends)


def _long_term(placement: Placement | None, visit: date) -> bool:
    """A placement meant to last (U1, U4) that had lasted twelve months at the visit [G7]."""
    return (
        placement is not None
        and placement.kind in LASTING
        and visit >= add_months(placement.start, 12)
    )


def _checked(world: World, day: date, kinds: set[str], under_5: int) -> Reading:
    members: list[Member] = []
    for child in world.care_cohort(day):
        age = world.age(child, day)
        months = under_5 if age is not None and age < 5 else 12
        since = world.in_care_since(child, day)
        if since is not None and since <= month_end_before(day, months):
            checks = world.health_checks.get(child, [])
            done = any(kind in kinds and in_window(on, day, months) for kind, on in checks)
            members.append((done, {"age_band": age_band(age)}))
    return share(members)


def age_band(age: int | None) -> str:
    """The band of an age in years."""
    if age is None:
        return "unknown"
    return "0-4" if age < 5 else "5-9" if age < 10 else "10-15" if age < 16 else "16+"


@snapshot(COUNT, "ext_dolo", EPISODES, LEGAL, starts="ext_dolo.dolo_start_date")
def cic_dolo_count(world: World, day: date) -> Reading:
    """Children in care at the day under an order then [G3, G17]."""
    orders = world.rows("ext_dolo")
    held = {row.person_id for row in orders if is_open(row.dolo_start_date, row.dolo_end_date, day)}
    return Reading(len(held & set(world.care_cohort(day))))


INDICATORS = (
    cic_count,
    cic_rate_per_10k,
    cic_more_than_one_sw_12m_pct,
    cic_three_plus_sw_12m_pct,
    cic_statutory_visits_in_timescale_pct,
    cic_reports_shared_on_time_pct,
    cic_reviews_in_timescale_pct,
    cic_allocated_social_worker_pct,
    cic_health_assessment_in_timescale_pct,
    cic_dental_check_in_timescale_pct,
    cic_placed_out_of_borough_pct,
    cic_three_plus_placements_12m_pct,
    cic_dolo_count,
)
