"""Section 47 enquiries, initial conferences, protection plans, their reviews and visits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from random import Random

from orchestration.sample_council.calendar import add_months
from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.histories import Case, Child, Plan, Protection
from orchestration.sample_council.reports import Reports
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene
from orchestration.sample_council.spelling import spelled

# About 450 enquiries and 170 children at initial conferences a year (146 to 256), 88 % within 15
# working days (65.6 to 93.3); 125 to 192 children on a plan at 31 March; of the plans that end,
# 4 to 8 % had lasted two years; 98 % of children reviewed in time.
_ENQUIRY = 0.29
_ENQUIRY_AT_ONCE = 0.7
_CONFERENCE = 0.46
_CONFERENCE_WD = Bands((0.3, 6, 11), (0.6, 12, 15), (0.07, 16, 20), (0.03, 21, 30))
_NOT_HELD = 0.02
_PLAN = 0.87
_SIBLING_PLANNED = 0.95
_REVIEWS_HELD = Choice({1: 0.14, 2: 0.34, 3: 0.28, 4: 0.17, 5: 0.07})
_LATE_REVIEW = 0.006
_CATEGORIES = Choice(
    {"Neglect": 48, "Emotional abuse": 38, "Physical abuse": 6, "Sexual abuse": 4, "Multiple": 4}
)
_TRANSFER_IN = 0.005
# Rare, and more often than in truth: a death ends what the case system leaves open.
_DIES = 0.008
_OTHER_AUTHORITY_A_YEAR = 5

# Visits: eight in ten due within 10 working days are made in time, 95 % within 15.
_VISIT_WD = Bands((0.88, 4, 10), (0.1, 11, 15), (0.02, 16, 28))
_VISIT_WD_IN_HOLIDAYS = Bands((0.8, 5, 10), (0.16, 11, 15), (0.04, 16, 32))
_SEEN = 0.965
_VISIT_WITHOUT_PLAN = 0.3
_UNLINKED = 0.04


def protect(rng: Random, scene: Scene, case: Case, surely: bool) -> Protection | None:
    """Tell a case's enquiry, conference and plans; None where there was no enquiry.

    `surely`: all of them happen, whatever their chances.
    """
    days, decided = scene.working_days, case.decided.date()
    if not surely and happens(rng, _TRANSFER_IN):
        case.protection = Protection(None, None, days.add(decided, whole(rng, 4, 14)))
        _plan(rng, scene, case, case.protection)
        return case.protection
    if not (surely or happens(rng, _ENQUIRY)):
        return None
    soon = happens(rng, _ENQUIRY_AT_ONCE)
    started = days.add(decided, whole(rng, 0, 2 if soon else 40))
    protection = case.protection = Protection((started, days.add(started, whole(rng, 3, 15))))
    if surely or happens(rng, _CONFERENCE):
        protection.target = days.add(started, 15)
        if surely or not happens(rng, _NOT_HELD):
            protection.held = days.add(started, _CONFERENCE_WD.pick(rng))
            if surely or happens(rng, _PLAN):
                _plan(rng, scene, case, protection)
    return protection


def _plan(rng: Random, scene: Scene, case: Case, protection: Protection) -> None:
    """Plans of the siblings, from the conference to the review that ends them."""
    held = protection.held
    if held is None:
        return
    category = _CATEGORIES.pick(rng)
    protection.reviews = _reviews(rng, scene, held)
    for place, child in enumerate(case.children):
        adult = add_months(child.birth, 216)
        if (place and not happens(rng, _SIBLING_PLANNED)) or not held < child.alive_until(adult):
            continue
        ends = min(protection.reviews[-1][1], adult)
        died = held + timedelta(days=whole(rng, 15, 250))
        if happens(rng, _DIES) and scene.start <= died < ends and child.death is None:
            child.death = died
        protection.plans.append(
            Plan(
                child=child,
                plan_id=case.key("CPP", place),
                start=held,
                end=ends if child.alive_until() >= ends else None,
                category=category,
                referral_id=case.key("REF", place),
                conference_id=case.key("ICPC", place),
            )
        )


def _reviews(rng: Random, scene: Scene, held: date) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    last = held
    for number in range(_REVIEWS_HELD.pick(rng)):
        due = last + timedelta(days=183 if number else 91)
        last = scene.working_days.back(due, whole(rng, 1, 15 if number else 8))
        if happens(rng, _LATE_REVIEW) and not scene.stories.goes_well(due):
            last = scene.working_days.add(due, whole(rng, 1, 15))
        found.append((due, last))
    return found


def write_other_plans(tables: Tables, scene: Scene, children: Sequence[Child]) -> None:
    """Plans of children who live here, held for another authority."""
    rng = scene.random("plans of other authorities")
    span = (scene.as_at - scene.dawn).days / 365.25
    for number in range(min(scene.number(_OTHER_AUTHORITY_A_YEAR * span), len(children))):
        child = children[whole(rng, 0, len(children) - 1)]
        start = scene.seasons.pick(rng, scene.dawn, scene.as_at)
        if child.birth < start < child.alive_until(add_months(child.birth, 200)):
            end = scene.working_days.add(start, whole(rng, 80, 300))
            category = _CATEGORIES.pick(rng)
            identifier = f"CPP-OLA-{number:04d}"
            plan = Plan(child, identifier, start, end, category, other_authority=True)
            if scene.touches(start, end):
                _write_plan(tables, scene, rng, plan)


def write_protection(tables: Tables, scene: Scene, cases: Iterable[Case], reports: Reports) -> None:
    """The enquiries, conferences, plans, reviews and visits of the cases in the history."""
    rng = scene.random("protection rows")
    for case in cases:
        protection = case.protection
        if protection is None:
            continue
        for place, child in enumerate(case.children):
            if scene.touches(case.day, case.closes[place]):
                _write_enquiry(tables, scene, rng, case, place, child)
                _write_conference(tables, scene, rng, case, place, child)
                if protection.held is not None:
                    reports.add(child, "ICPC", case.meeting("ICPC", 0), protection.held)
        plans = [plan for plan in protection.plans if scene.touches(plan.start, plan.end)]
        for plan in plans:
            _write_plan(tables, scene, rng, plan)
            _write_reviews(tables, scene, case, plan, reports)
        if plans:
            _write_visits(tables, scene, rng, case.number, plans)


def _write_enquiry(
    tables: Tables, scene: Scene, rng: Random, case: Case, place: int, child: Child
) -> None:
    protection = case.protection
    if protection is None or protection.enquiry is None:
        return
    started, ended = protection.enquiry
    if started > child.alive_until(scene.as_at):
        return
    over = scene.seen(ended)
    tables["ssd_s47_enquiry"].add(
        s47e_s47_enquiry_id=_enquiry_id(case, place),
        s47e_person_id=child.person_id,
        s47e_referral_id=case.key("REF", place),
        s47e_s47_start_date=started,
        s47e_s47_end_date=over,
        s47e_s47_nfa=spelled(rng, protection.target is None) if over else None,
    )


def _write_conference(
    tables: Tables, scene: Scene, rng: Random, case: Case, place: int, child: Child
) -> None:
    protection = case.protection
    if protection is None or protection.began is None or not protection.arranged:
        return
    if protection.began > child.alive_until(scene.as_at):
        return
    held = scene.seen(protection.held)
    planned = any(plan.child is child for plan in protection.plans)
    enquiry = _enquiry_id(case, place) if protection.enquiry else None
    if enquiry and happens(rng, _UNLINKED):
        enquiry = "-1" if happens(rng, 0.5) else None
    tables["ssd_initial_cp_conference"].add(
        icpc_icpc_id=case.key("ICPC", place),
        icpc_icpc_meeting_id=case.meeting("ICPC", 0),
        icpc_s47_enquiry_id=enquiry,
        icpc_person_id=child.person_id,
        icpc_referral_id=case.key("REF", place),
        icpc_icpc_transfer_in=spelled(rng, protection.enquiry is None),
        icpc_icpc_target_date=protection.target,
        icpc_icpc_date=held,
        icpc_icpc_outcome_cp_flag=spelled(rng, planned) if held else None,
    )


def _write_plan(tables: Tables, scene: Scene, rng: Random, plan: Plan) -> None:
    tables["ssd_cp_plans"].add(
        cppl_cp_plan_id=plan.plan_id,
        cppl_person_id=plan.child.person_id,
        cppl_icpc_id=plan.conference_id or "-1",
        cppl_referral_id=plan.referral_id,
        cppl_cp_plan_start_date=plan.start,
        cppl_cp_plan_end_date=scene.seen(plan.end),
        cppl_cp_plan_ola=spelled(rng, True)
        if plan.other_authority
        else (spelled(rng, False) if happens(rng, 0.7) else None),
        cppl_cp_plan_latest_category=plan.category,
    )


def _write_reviews(tables: Tables, scene: Scene, case: Case, plan: Plan, reports: Reports) -> None:
    protection = case.protection
    last = plan.last_day(scene.as_at)
    for number, (due, held) in enumerate(protection.reviews if protection else [], 1):
        tables["ssd_cp_reviews"].add(
            cppr_cp_review_id=f"{plan.plan_id}-R{number}",
            cppr_person_id=plan.child.person_id,
            cppr_cp_plan_id=plan.plan_id,
            cppr_cp_review_due=due,
            cppr_cp_review_date=held if held <= last else None,
            cppr_cp_review_meeting_id=case.meeting("RCPC", number),
        )
        # The next review is only arranged once this one was held.
        if held > last:
            return
        reports.add(plan.child, "RCPC", case.meeting("RCPC", number), held)


def _write_visits(
    tables: Tables, scene: Scene, rng: Random, case_number: int, plans: list[Plan]
) -> None:
    """The siblings are visited together; now and then one of them is not seen."""
    lasts = [plan.last_day(scene.as_at) for plan in plans]
    for number, day in enumerate(_visit_days(rng, scene, plans[0].start, max(lasts)), 1):
        for place, (plan, last) in enumerate(zip(plans, lasts, strict=True)):
            if day > last:
                continue
            seen = plan.child.birth <= day and happens(rng, _SEEN)
            tables["ssd_cp_visits"].add(
                cppv_cp_visit_id=f"CPV-{case_number:06d}-{place}-{number}",
                cppv_person_id=plan.child.person_id,
                cppv_cp_plan_id=None if happens(rng, _VISIT_WITHOUT_PLAN) else plan.plan_id,
                cppv_cp_visit_date=day,
                cppv_cp_visit_seen=spelled(rng, seen),
                cppv_cp_visit_seen_alone=spelled(rng, seen and plan.child.age(day) >= 4),
            )


def _visit_days(rng: Random, scene: Scene, first: date, last: date) -> Iterator[date]:
    day = first
    while True:
        story = scene.stories.visit_gaps(day)
        holidays = day.month in (8, 12) or (day.month == 4 and day.day < 20)
        usual = _VISIT_WD_IN_HOLIDAYS if holidays else _VISIT_WD
        day = scene.working_days.add(day, (story or usual).pick(rng))
        if day > last:
            return
        yield day


def _enquiry_id(case: Case, place: int) -> str:
    """In half of the cases the siblings share one identifier, as in Mosaic."""
    return case.key("S47", 0 if case.number % 2 else place)
