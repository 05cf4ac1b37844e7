"""Deprivation of liberty orders and pre-proceedings."""

from collections.abc import Iterable
from datetime import timedelta

from orchestration.sample_council.chance import Bands, happens, whole
from orchestration.sample_council.histories import CarePeriod, Case
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene
from orchestration.sample_council.spelling import spelled

# A handful of children at any time; orders last from weeks to months, and few are renewed.
_ORDER = 0.2
_ORDER_FROM_AGE = 11
_ORDER_DAYS = Bands((0.5, 28, 90), (0.4, 91, 200), (0.1, 201, 400))
_RENEWED = 0.25

# Of children on a protection plan one in four comes to a letter before proceedings.
_LETTER = 0.25
_LETTER_AFTER_DAYS = Bands((0.6, 30, 120), (0.4, 121, 240))
_OFFERED = 0.72
_WEEKS = Bands((0.5, 8, 16), (0.4, 17, 30), (0.1, 31, 52))


def write_deprivation_of_liberty(
    tables: Tables, scene: Scene, periods: Iterable[CarePeriod]
) -> None:
    """Orders of children in care, one after the other, none beyond the end of care."""
    rng = scene.random("deprivation of liberty orders")
    for period in periods:
        if period.short_break or period.child.age(period.end) < _ORDER_FROM_AGE:
            continue
        if not happens(rng, _ORDER):
            continue
        start = period.start + timedelta(days=whole(rng, 0, 120))
        while start < period.end:
            end = min(start + timedelta(days=_ORDER_DAYS.pick(rng)), period.end)
            if scene.touches(start, end) and start <= scene.as_at:
                tables["ext_dolo"].add(
                    person_id=period.child.person_id,
                    dolo_start_date=start,
                    dolo_end_date=scene.seen(end),
                )
            if not happens(rng, _RENEWED):
                break
            start = end


def write_pre_proceedings(tables: Tables, scene: Scene, cases: Iterable[Case]) -> None:
    """Letters to the families of children on a plan, each child of the plan with a row."""
    rng = scene.random("pre-proceedings")
    for case in cases:
        plans = case.protection.plans if case.protection else []
        if not plans or not happens(rng, _LETTER):
            continue
        start = plans[0].start + timedelta(days=_LETTER_AFTER_DAYS.pick(rng))
        letter = scene.working_days.add(start, whole(rng, 1, 10))
        decided = start + timedelta(days=7 * _WEEKS.pick(rng) + whole(rng, 0, 6))
        is_offered = happens(rng, _OFFERED)
        if not scene.touches(start, decided):
            continue
        for place, plan in enumerate(plans):
            # pre-proceedings end with the case at the latest
            until = min(decided, case.closes[case.children.index(plan.child)])
            if until <= letter:
                continue
            sent = scene.seen(letter)
            tables["ext_pre_proceedings"].add(
                pre_proceedings_id=case.key("PP", place),
                person_id=plan.child.person_id,
                pre_proceedings_start_date=start,
                letter_sent_date=sent,
                fgdm_offered=spelled(rng, is_offered) if sent else None,
                decision_date=scene.seen(until),
            )
