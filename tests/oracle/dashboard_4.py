"""Dashboard 4, Child Protection."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from .calendar import add_months
from .cohorts import World, due_dates
from .delivery import ROLE_MAP
from .periods import COUNT, PERCENT, RATIO, Fact, Member, Reading, counted, flow, share, snapshot
from .protection import Plan
from .rows import Row

PLANS, VISITS, REVIEWS = "ssd_cp_plans", "ssd_cp_visits", "ssd_cp_reviews"
CONFERENCES, ENQUIRIES = "ssd_initial_cp_conference", "ssd_s47_enquiry"
REPORTS, PERSONS, HOLIDAYS = "ext_sw_reports", "ssd_person", "ref_bank_holidays"
PLAN_START = f"{PLANS}.cppl_cp_plan_start_date"
PRE_PROCEEDINGS = "ext_pre_proceedings"
CONFERENCE_LIMIT_WD = 15
VISIT_LIMIT_WD = 10
LONGER_LIMIT_WD = 15
FIRST_REVIEW = timedelta(days=91)
NEXT_REVIEW = timedelta(days=183)
LEAD_WD = {"ICPC": 2, "RCPC": 5}


@snapshot(COUNT, PLANS, starts=PLAN_START)
def cp_plans_open_count(world: World, day: date) -> Reading:
    """Children with a plan open at the day [G16]."""
    return Reading(len(world.cp_cohort(day)))


@snapshot(RATIO, PLANS, "ref_population", starts=PLAN_START)
def cp_plans_rate_per_10k(world: World, day: date) -> Reading:
    """The same children per 10,000 aged 0-17, by the estimate in force at the day [G16, G19].

    No estimate in force: no denominator and no value.
    """
    return Reading(len(world.cp_cohort(day)), world.population_in_10k(day))


@flow(
    PERCENT,
    CONFERENCES,
    ENQUIRIES,
    HOLIDAYS,
    starts=f"{CONFERENCES}.icpc_icpc_date",
    history_months=12,
    chains=lambda world: _conferences_timed(world),
)
def icpc_within_15wd_pct(world: World) -> Iterator[Fact]:
    """Initial conferences held; those at most 15 working days from the section 47 start.

    Not transfer-in. The enquiry is the one named for this child; when none is named or known, the
    child's latest one begun by the conference. No enquiry, or one begun later: out of both sides.
    """
    for start, held in _conferences_timed(world):
        taken = world.calendar.between(start, held) or 0
        yield Fact(held, taken <= CONFERENCE_LIMIT_WD)


@flow(
    PERCENT,
    VISITS,
    PLANS,
    PERSONS,
    HOLIDAYS,
    starts=None,
    history_months=1,
    chains=lambda world: _visit_gaps(world),
)
def cp_visits_within_10wd_pct(world: World) -> Iterator[Fact]:
    """Visits due ten working days after the plan's start and after every counting visit.

    A missed one falls due again ten working days later, until a counting visit or the plan's end.
    """
    return _visits_due(world, 10)


@flow(
    PERCENT,
    VISITS,
    PLANS,
    PERSONS,
    HOLIDAYS,
    starts=None,
    history_months=1,
    chains=lambda world: _visit_gaps(world),
)
def cp_visits_within_15wd_pct(world: World) -> Iterator[Fact]:
    """The same with fifteen working days."""
    return _visits_due(world, LONGER_LIMIT_WD)


@snapshot(COUNT, VISITS, PLANS, PERSONS, HOLIDAYS, starts=PLAN_START)
def cp_children_last_visit_over_10wd_count(world: World, day: date) -> Reading:
    """Children on a plan at the day, more than ten working days after the last anchor.

    The anchor is the latest plan start or counting visit of the child's open plans.
    """
    unseen = []
    for plans in world.cp_cohort(day).values():
        anchors = [plan.start for plan in plans]
        anchors += [on for plan in plans for on in world.cp_visits(plan) if on <= day]
        passed = world.calendar.between(max(anchors), day) or 0
        if passed > VISIT_LIMIT_WD:
            band = "11 to 15" if passed <= LONGER_LIMIT_WD else "over 15"
            unseen.append({"unseen_for": f"{band} working days"})
    return counted(unseen)


@flow(PERCENT, REPORTS, HOLIDAYS, starts=f"{REPORTS}.meeting_date")
def cp_reports_shared_on_time_pct(world: World) -> Iterator[Fact]:
    """Reports required for conferences; those shared early enough.

    At least 2 working days before an initial conference and 5 before a review. Not shared, or
    shared after the meeting, is late.
    """
    return reports_due(world, LEAD_WD)


@snapshot(PERCENT, PLANS, "ssd_involvements", "ssd_professionals", ROLE_MAP, starts=PLAN_START)
def cp_allocated_social_worker_pct(world: World, day: date) -> Reading:
    """Children on a plan at the day; those with an allocated social worker [G16, G18]."""
    with_worker = world.children_with_worker(day)
    return share((child in with_worker, {}) for child in world.cp_cohort(day))


@flow(PERCENT, PLANS, starts=f"{PLANS}.cppl_cp_plan_end_date")
def cp_plans_ended_2yr_plus_pct(world: World) -> Iterator[Fact]:
    """Plans (not children) ended, not for another authority; those that lasted two years [G7].

    Only a recorded end counts, not a death; ended before the start is an error and out.
    """
    for row in world.rows(PLANS):
        start, end = row.cppl_cp_plan_start_date, row.cppl_cp_plan_end_date
        number = row.cppl_cp_plan_id
        is_own = world.plan_numbers.get(number) == number
        if is_own and start and end and end >= start:
            yield Fact(end, end >= add_months(start, 24))


@snapshot(
    PERCENT,
    PLANS,
    REVIEWS,
    CONFERENCES,
    starts=PLAN_START,
    chains=lambda world: _reviewed_plans(world),
)
def cp_reviews_in_timescale_pct(world: World, day: date) -> Reading:
    """Children 91 days or more on their plan at the day; those whose reviews were all in time.

    Of several open plans the one begun first. From the conference (if held by the plan's start)
    or the start: 91 days to the first review, then 183, the gap still running at the day too.
    """
    by_plan, by_child = _reviews(world)
    conferences = {row.icpc_icpc_id: row.icpc_icpc_date for row in world.rows(CONFERENCES)}
    members: list[Member] = []
    for child, plans in world.cp_cohort(day).items():
        plan = min(plans, key=lambda plan: (plan.start, plan.plan_id))
        if plan.start > day - FIRST_REVIEW:
            continue
        held = {on for on in by_plan[plan.plan_id] + by_child[child] if plan.start <= on <= day}
        members.append((_reviewed_in_time(conferences, plan, sorted(held), day), {}))
    return share(members)


def reports_due(world: World, leads: dict[str, int]) -> Iterator[Fact]:
    """Reports required for these kinds of meeting; those shared with enough working days left."""
    days = ("meeting_type", "meeting_date", "shared_date", "not_required_flag")
    for row in world.each_once(REPORTS, "report_id", "person_id", *days):
        lead = leads.get((row.meeting_type or "").upper())
        if lead is None or row.not_required_flag == "Y" or row.meeting_date is None:
            continue
        shared = row.shared_date
        left = world.calendar.between(shared, row.meeting_date) if shared else None
        slices = {"dual_plan": row.dual_plan_flag or "not recorded"}
        yield Fact(row.meeting_date, left is not None and left >= lead, slices=slices)


def _conferences_timed(world: World) -> Iterator[tuple[date, date]]:
    """Start of the enquiry and day of every conference that can be timed."""
    named: dict[tuple[str, str], date | None] = {}
    begun = defaultdict(list)
    for enquiry in world.rows(ENQUIRIES):
        child, start = world.child(enquiry.s47e_person_id), enquiry.s47e_s47_start_date
        if child is not None:
            named[enquiry.s47e_s47_enquiry_id, child] = start
            if start is not None:
                begun[child].append(start)
    # several numbers for one child and day are one conference
    enquired = defaultdict(list)
    for row in world.rows(CONFERENCES):
        child, held = world.child(row.icpc_person_id), row.icpc_icpc_date
        if child is None or held is None or row.icpc_icpc_transfer_in == "Y":
            continue
        start = named.get((row.icpc_s47_enquiry_id, child))
        enquired[child, held] += [start] if start is not None else []
    for (child, held), starts in enquired.items():
        earlier = (on for on in begun[child] if on <= held)
        named_before = max((on for on in starts if on <= held), default=None)
        start = named_before or max(starts, default=None) or max(earlier, default=None)
        if start is not None and start <= held:
            yield start, held


def _visit_gaps(world: World) -> Iterator[tuple[date, date | None]]:
    """From every anchor of a plan's chain to the next one, or to the plan's end."""
    for plan in world.plans:
        for anchor, following in pairwise([*sorted({plan.start, *world.cp_visits(plan)}), None]):
            if anchor is not None:
                yield anchor, following or plan.end


def _reviewed_plans(world: World) -> Iterator[tuple[date, date | None]]:
    """From the conference, or 31 days before a plan without a known one, to the plan's end."""
    conferences = {row.icpc_icpc_id: row.icpc_icpc_date for row in world.rows(CONFERENCES)}
    for plan in world.plans:
        held = conferences.get(plan.conference)
        yield min(held, plan.start) if held else plan.start - timedelta(days=31), plan.end


def _visits_due(world: World, interval: int) -> Iterator[Fact]:
    """Due dates of every plan's chain, up to the plan's end (included) and the as-at day."""

    def next_due(on: date) -> date:
        return world.calendar.after(on, interval)

    for plan in world.plans:
        anchors = sorted({plan.start, *world.cp_visits(plan)})
        last_day = min(plan.end or world.as_at, world.as_at)
        for anchor, following in pairwise([*anchors, None]):
            if anchor is not None:
                for due, met in due_dates(anchor, following, next_due, last_day):
                    yield Fact(due, met)


def _reviews(world: World) -> tuple[dict[str, list[date]], dict[str | None, list[date]]]:
    """Dates of reviews held: by plan, and by child for those that name no known plan."""
    known = {row.cppl_cp_plan_id for row in world.rows(PLANS)}
    by_plan, by_child = defaultdict(list), defaultdict(list)
    for row in world.rows(REVIEWS):
        if row.cppr_cp_review_date is None:
            continue
        if row.cppr_cp_plan_id in known:
            number = world.plan_numbers.get(row.cppr_cp_plan_id, row.cppr_cp_plan_id)
            by_plan[number].append(row.cppr_cp_review_date)
        else:
            by_child[world.child(row.cppr_person_id)].append(row.cppr_cp_review_date)
    return by_plan, by_child


def _reviewed_in_time(
    conferences: dict[str | None, date | None], plan: Plan, held: list[date], day: date
) -> bool:
    """Every gap in its limit, the one still running at the day too."""
    began = conferences.get(plan.conference)
    if began is None or began > plan.start:
        began = plan.start
    marks = [began, *held, day]
    limits = [FIRST_REVIEW] + [NEXT_REVIEW] * len(held)
    gaps = (later - earlier for earlier, later in pairwise(marks))
    return all(gap <= limit for gap, limit in zip(gaps, limits, strict=True))


@flow(PERCENT, PRE_PROCEEDINGS, starts=f"{PRE_PROCEEDINGS}.letter_sent_date")
def pre_proceedings_fgdm_offered_pct(world: World) -> Iterator[Fact]:
    """Letters before proceedings sent; those that offered family group decision-making."""
    for row in _pre_proceedings(world):
        if row.letter_sent_date is not None:
            yield Fact(row.letter_sent_date, row.fgdm_offered == "Y")


@flow(RATIO, PRE_PROCEEDINGS, starts=f"{PRE_PROCEEDINGS}.decision_date")
def pre_proceedings_avg_weeks(world: World) -> Iterator[Fact]:
    """Weeks from beginning to stepping out, to the millionth; out before in is an error and out."""
    for row in _pre_proceedings(world):
        begun, decided = row.pre_proceedings_start_date, row.decision_date
        if begun and decided and decided >= begun:
            yield Fact(decided, round((decided - begun).days / 7, 6))


def _pre_proceedings(world: World) -> list[Row]:
    days = ("pre_proceedings_start_date", "letter_sent_date", "decision_date")
    return world.each_once(PRE_PROCEEDINGS, "pre_proceedings_id", "person_id", *days)


INDICATORS = (
    cp_plans_open_count,
    cp_plans_rate_per_10k,
    icpc_within_15wd_pct,
    cp_visits_within_10wd_pct,
    cp_visits_within_15wd_pct,
    cp_children_last_visit_over_10wd_count,
    cp_reports_shared_on_time_pct,
    cp_allocated_social_worker_pct,
    cp_plans_ended_2yr_plus_pct,
    cp_reviews_in_timescale_pct,
    pre_proceedings_fgdm_offered_pct,
    pre_proceedings_avg_weeks,
)
