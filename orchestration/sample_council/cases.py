"""Referrals and what follows: assessment, enquiry, conference, plan, care, closure, return.

Levels are Wokingham's of 2018/19 to 2024/25 (DfE), for a council of the usual size.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from orchestration.sample_council.calendar import add_months
from orchestration.sample_council.care import asylum_period, period_of_care
from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.histories import Assessment, Case, Child, Family
from orchestration.sample_council.people import UNBORN_DAYS, Registry
from orchestration.sample_council.protection import protect
from orchestration.sample_council.scene import Scene

# About 1,550 referrals of children a year (1,348 to 1,778), 17 to 19 % of them within a year.
_FAMILIES_A_YEAR = 605
_ARRIVALS_A_YEAR = 15
_SIBLING_REFERRED = 0.74
_RETURNS = 0.47
_DAYS_TO_RETURN = Bands((0.5, 15, 110), (0.22, 111, 250), (0.28, 251, 1_300))

_SOURCES = Choice(
    {"2A": 22, "2B": 4, "1A": 4, "1B": 3, "3A": 5, "3B": 2, "3C": 6, "3D": 3, "4": 5, "5A": 4}
    | {"5B": 2, "5C": 1, "6": 27, "7": 3, "8": 4, "9": 2, "10": 3}
)
_NEEDS = Choice({"N1": 46, "N2": 9, "N3": 5, "N4": 8, "N5": 20, "N6": 5, "N7": 3, "N9": 2, "N0": 2})

_NO_ACTION = 0.05
_DECISIONS = Choice({"early help": 5, "nfa": 2, "other": 1, "": 92})
_DECISION_WD = Bands((0.62, 0, 0), (0.31, 1, 1), (0.05, 2, 3), (0.02, 4, 9))

# 84 % authorised within 45 working days (66.7 to 81.9 published; members were told of a backlog
# being cleared), about twenty open beyond it at a month end.
_ASSESSMENT_WD = Bands((0.3, 4, 25), (0.56, 26, 45), (0.11, 46, 62), (0.03, 63, 110))
_ASYLUM_WD = Bands((0.6, 25, 45), (0.4, 46, 100))
_NEVER_AUTHORISED = 0.0007
_DELAYS = Choice(
    {"court proceedings": 18, "family engagement": 30, "partner information": 16, "staffing": 24}
    | {"other": 12}
)
_NO_PLAN_NEEDED = 0.42
_CIN_DAYS = Bands((0.35, 45, 130), (0.4, 131, 300), (0.25, 301, 560))
_CLOSING_DAYS = Bands((0.6, 0, 5), (0.4, 6, 20))
_STEP_DOWN_DAYS = Bands((0.5, 60, 110), (0.5, 111, 200))
_CLOSE_REASONS = Choice({"RC8": 55, "RC9": 18, "RC7": 12, "RC3": 7, "RC1": 1, "RC2": 3, "RC6": 4})

_CARE_FROM_PLAN = 0.15
_CARE_FROM_ENQUIRY = 0.04
_CARE_FROM_ASSESSMENT = 0.018
_SIBLING_IN_CARE = 0.7


def tell_cases(scene: Scene, registry: Registry) -> list[Case]:
    """Every case from the scene's dawn to its as-at day, in the order they are told."""
    rng = scene.random("cases")
    span = (scene.as_at - scene.dawn).days / 365.25
    cases: list[Case] = []
    for _ in range(scene.number(_FAMILIES_A_YEAR * span)):
        family = registry.family(scene.seasons.pick(rng, scene.dawn, scene.as_at))
        _family_cases(rng, scene, family, cases)
    # However small the council, every extract has something to show.
    example = registry.family(scene.working_days.back(scene.as_at, 300))
    cases.append(
        _case(rng, scene, example, example.children[:1], example.first_day, len(cases) + 1, True)
    )
    for _ in range(scene.number(_ARRIVALS_A_YEAR * span)):
        arrived = scene.seasons.pick(rng, scene.dawn, scene.as_at)
        cases.append(_arrival(rng, scene, registry.alone(arrived), len(cases) + 1))
    return cases


def _family_cases(rng: Random, scene: Scene, family: Family, cases: list[Case]) -> None:
    """A family's referrals one after another, each after the one before was closed."""
    day = family.first_day
    while day <= scene.as_at:
        children = _referred(rng, family, day)
        if children:
            case = _case(rng, scene, family, children, day, len(cases) + 1)
            cases.append(case)
        closed = min((child.busy_until for child in family.children), default=day)
        if not children or not happens(rng, _RETURNS) or closed > scene.as_at:
            return
        day = max(closed, day) + timedelta(days=_DAYS_TO_RETURN.pick(rng))


def _referred(rng: Random, family: Family, day: date) -> list[Child]:
    able = [
        child
        for child in family.children
        if child.busy_until < day < add_months(child.birth, 12 * 17 + 9)
        and child.alive_until() > day
        and (child.birth <= day or (child.birth - day).days <= UNBORN_DAYS)
    ]
    chosen = [child for child in able if happens(rng, _SIBLING_REFERRED)]
    return chosen or able[:1]


def _case(
    rng: Random,
    scene: Scene,
    family: Family,
    children: list[Child],
    day: date,
    number: int,
    surely: bool = False,
) -> Case:
    """One case from referral to closure; `surely` leads it through assessment, plan and care."""
    case = _opened(rng, scene, family, children, day, number)
    decided = case.decided.date()
    if surely:
        case.decision, case.no_action = "assessment", False
    if case.decision != "assessment":
        case.close_reason = "RC9"
        _close_all(case, decided + timedelta(days=whole(rng, 0, 3)))
        return case
    assessment = case.assessment = _assess(rng, scene, case, _ASSESSMENT_WD)
    until = assessment.done or scene.working_days.add(assessment.start, 60)
    protection = protect(rng, scene, case, surely)
    _into_care(rng, scene, case, until, surely)
    if protection is not None and protection.reviews:
        closing = protection.reviews[-1][1] + timedelta(days=_STEP_DOWN_DAYS.pick(rng))
    elif assessment.no_action:
        closing = until + timedelta(days=_CLOSING_DAYS.pick(rng))
    else:
        closing = until + timedelta(days=_CIN_DAYS.pick(rng))
    case.close_reason = _CLOSE_REASONS.pick(rng)
    _close_all(case, max(closing, until))
    return case


def _arrival(rng: Random, scene: Scene, family: Family, number: int) -> Case:
    """A young asylum seeker alone: assessed slowly, in care from the first days until 18."""
    case = _opened(rng, scene, family, family.children, family.first_day, number)
    case.source, case.need, case.decision, case.no_action = "6", "N8", "assessment", False
    case.assessment = _assess(rng, scene, case, _ASYLUM_WD)
    case.assessment.no_action = False
    if case.assessment.delay:
        case.assessment.delay = "uasc age or identity"
    case.care[0] = asylum_period(rng, scene, case)
    _close_all(case, case.care[0].end)
    return case


def _opened(
    rng: Random, scene: Scene, family: Family, children: list[Child], day: date, number: int
) -> Case:
    received = datetime.combine(day, time(whole(rng, 8, 18), whole(rng, 0, 59)))
    if happens(rng, 0.03):
        received = datetime.combine(day, time(23, whole(rng, 0, 59)))
    no_action = happens(rng, _NO_ACTION)
    wait = _DECISION_WD.pick(rng)
    if scene.stories.goes_well(day):
        wait = min(wait, 1)
    decided = received + timedelta(minutes=whole(rng, 20, 300))
    if wait:
        hour = time(whole(rng, 9, 16), whole(rng, 0, 59))
        decided = datetime.combine(scene.working_days.add(day, wait), hour)
    return Case(
        number=number,
        family=family.number,
        children=children,
        received=received,
        decided=decided,
        decision="nfa" if no_action else _DECISIONS.pick(rng) or "assessment",
        source=_SOURCES.pick(rng),
        need=_NEEDS.pick(rng),
        no_action=no_action,
    )


def _assess(rng: Random, scene: Scene, case: Case, lengths: Bands) -> Assessment:
    days = scene.working_days
    decided = case.decided.date()
    start = days.add(decided, whole(rng, 0, 3))
    taken = lengths.pick(rng)
    if scene.stories.goes_well(start):
        taken = min(taken, 45)
    done = None if happens(rng, _NEVER_AUTHORISED) else days.add(start, taken)
    # One in seven of the late ones has no reason entered.
    late = done is None or taken > 45
    delay = _DELAYS.pick(rng) if late and not happens(rng, 0.14) else None
    return Assessment(start, done, happens(rng, _NO_PLAN_NEEDED), delay)


def _into_care(rng: Random, scene: Scene, case: Case, assessed: date, surely: bool) -> None:
    """Some children of a case come into care: mostly from a plan, brothers and sisters together.

    A plan stays open for some weeks: the child is on a dual plan.
    """
    protection = case.protection
    if protection is not None and protection.plans and protection.held is not None:
        share, first, last = _CARE_FROM_PLAN, protection.held, protection.reviews[-1][1]
    elif protection is not None and protection.began is not None:
        share, first = _CARE_FROM_ENQUIRY, protection.began
        last = first + timedelta(days=40)
    else:
        share, first, last = _CARE_FROM_ASSESSMENT, case.decided.date(), assessed
    if not (surely or happens(rng, share)):
        return
    days = 30 if surely else max(1, (last - first).days)
    entered = first + timedelta(days=days if surely else whole(rng, 0, days))
    for place, child in enumerate(case.children):
        if child.birth > entered or child.age(entered) >= 17 or child.alive_until() <= entered:
            continue
        if place == 0 or happens(rng, _SIBLING_IN_CARE):
            case.care[place] = period_of_care(rng, scene, case, place, entered)
            dual = entered + timedelta(days=whole(rng, 10, 110))
            for plan in protection.plans if protection else []:
                if plan.child is child and plan.end is not None:
                    plan.end = min(plan.end, dual)


def _close_all(case: Case, closing: date) -> None:
    """Close the case for each child: with the others, or some weeks after leaving care."""
    for place, child in enumerate(case.children):
        closes = closing
        if place in case.care:
            closes = case.care[place].end + timedelta(days=30)
        case.closes.append(closes)
        child.busy_until = closes
