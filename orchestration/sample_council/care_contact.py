"""What children in care are owed: visits, reviews, health and dental checks."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from orchestration.sample_council.chance import Bands, happens, whole
from orchestration.sample_council.code_maps import local
from orchestration.sample_council.histories import CarePeriod, Placement
from orchestration.sample_council.reports import Reports
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene
from orchestration.sample_council.spelling import spelled

# Nine visits in ten made in time; reviews 96 %; health 88 to 98 % and dental checks 74 to 95 % up
# to date in ordinary years.
_FIRST_VISIT_DAYS = Bands((0.93, 1, 7), (0.07, 8, 14))
_VISIT_DAYS = Bands((0.93, 18, 42), (0.055, 43, 56), (0.015, 57, 90))
_LONG_TERM_VISIT_DAYS = Bands((0.93, 50, 91), (0.07, 92, 110))
# With parents under an interim order: about weekly before the first review, then every four weeks.
_WEEKLY_VISIT_DAYS = Bands((0.93, 4, 7), (0.07, 8, 12))
_FOUR_WEEKLY_VISIT_DAYS = Bands((0.93, 14, 28), (0.07, 29, 40))
_NEVER_VISITED, _NEVER_VISITED_DAYS = 0.02, 150
_SEEN = 0.97
_LATE_REVIEW = 0.035
_CANCELLED_REVIEW = 0.03
_HEALTH_DAYS = Bands((0.78, 320, 356), (0.22, 370, 520))
_INFANT_HEALTH_DAYS = Bands((0.85, 150, 176), (0.15, 184, 240))
_DENTAL_DAYS = Bands((0.6, 300, 356), (0.4, 370, 620))
_REFUSED_BY_TEENAGERS = 0.06
_HEALTH_TYPE = "ssd_cla_health.clah_health_check_type"
_HEALTH_STATUS = "ssd_cla_health.clah_health_check_status"


def write_care_contact(
    tables: Tables, scene: Scene, periods: Iterable[CarePeriod], reports: Reports
) -> None:
    """The visits, reviews and checks of the periods of care in the history."""
    visits, reviews = scene.random("care visits"), scene.random("care reviews")
    health = scene.random("care health")
    for period in periods:
        last = min(period.end, period.child.alive_until(scene.as_at))
        if period.short_break or last < period.start:
            continue
        _write_visits(tables, scene, visits, period, last)
        _write_reviews(tables, scene, reviews, period, last, reports)
        _write_health(tables, scene, health, period, last)


def _write_visits(
    tables: Tables, scene: Scene, rng: Random, period: CarePeriod, last: date
) -> None:
    reviewed = scene.working_days.add(period.start, 20)
    for number, day in enumerate(sorted(set(_visit_days(rng, period, last, reviewed)))):
        tables["ssd_cla_visits"].add(
            clav_cla_visit_id=f"{period.cla_id}-V{number}",
            clav_person_id=period.child.person_id,
            clav_cla_id=period.cla_id,
            clav_cla_visit_date=day,
            clav_cla_visit_seen=spelled(rng, happens(rng, _SEEN)),
        )


def _visit_days(rng: Random, period: CarePeriod, last: date, reviewed: date) -> Iterator[date]:
    """Within a week of each placement, then every six weeks (twelve in a settled one, fewer with
    parents under an interim order); in a few short placements nobody came at all."""
    for placement in period.placements:
        ends = min(placement.end, last)
        is_short = (ends - placement.start).days <= _NEVER_VISITED_DAYS
        if happens(rng, _NEVER_VISITED) and is_short:
            continue
        day = placement.start + timedelta(days=_FIRST_VISIT_DAYS.pick(rng))
        while day <= ends:
            yield day
            day += timedelta(days=_gaps(period, placement, day, reviewed).pick(rng))


def _gaps(period: CarePeriod, placement: Placement, day: date, reviewed: date) -> Bands:
    interim = any(status == "C1" and start <= day < end for status, start, end in period.legal)
    if placement.kind == "P1" and interim:
        return _WEEKLY_VISIT_DAYS if day < reviewed else _FOUR_WEEKLY_VISIT_DAYS
    return _LONG_TERM_VISIT_DAYS if _settled(placement, day) else _VISIT_DAYS


def _settled(placement: Placement, day: date) -> bool:
    return placement.kind in ("U1", "U4") and (day - placement.start).days > 366


def _write_reviews(
    tables: Tables, scene: Scene, rng: Random, period: CarePeriod, last: date, reports: Reports
) -> None:
    """First after 20 working days, then 3 months, then every 6; the next one is always arranged."""
    due, number = scene.working_days.add(period.start, 20), 0
    while True:
        held = scene.working_days.back(due, whole(rng, 0, 8))
        if happens(rng, _LATE_REVIEW):
            held = scene.working_days.add(due, whole(rng, 1, 15))
        held = max(held, period.start)
        if happens(rng, _CANCELLED_REVIEW) and due <= last:
            _review(tables, rng, period, f"{number}C", due, None, cancelled=True)
        _review(tables, rng, period, str(number), due, held if held <= last else None)
        if held > last:
            return
        reports.add(period.child, "CIC_REVIEW", f"{period.cla_id}-R{number}", held)
        due, number = held + timedelta(days=182 if number else 91), number + 1


def _review(
    tables: Tables,
    rng: Random,
    period: CarePeriod,
    number: str,
    due: date,
    held: date | None,
    cancelled: bool = False,
) -> None:
    tables["ssd_cla_reviews"].add(
        clar_cla_review_id=f"{period.cla_id}-R{number}",
        clar_cla_id=period.cla_id,
        clar_cla_review_due_date=due,
        clar_cla_review_date=held,
        clar_cla_review_cancelled=spelled(rng, cancelled)
        if cancelled or happens(rng, 0.6)
        else None,
    )


def _write_health(
    tables: Tables, scene: Scene, rng: Random, period: CarePeriod, last: date
) -> None:
    checks = [
        *_checks(rng, period, "initial_health", whole(rng, 10, 32)),
        *_checks(rng, period, "review_health", whole(rng, 140, 330), _HEALTH_DAYS),
        *_checks(rng, period, "dental", whole(rng, 30, 300), _DENTAL_DAYS),
        *_checks(rng, period, "other", whole(rng, 60, 600), _DENTAL_DAYS),
    ]
    for number, (kind, day, status) in enumerate(checks):
        if day <= last:
            tables["ssd_cla_health"].add(
                clah_health_check_id=f"{period.cla_id}-H{number}",
                clah_person_id=period.child.person_id,
                clah_health_check_type=local(_HEALTH_TYPE, kind),
                clah_health_check_date=day,
                clah_health_check_status=local(_HEALTH_STATUS, status),
            )


def _checks(
    rng: Random, period: CarePeriod, kind: str, first: int, gaps: Bands | None = None
) -> Iterator[tuple[str, date, str]]:
    """(kind, day, status), one after another until care ends; teenagers refuse some."""
    day = period.start + timedelta(days=first)
    while day <= period.end:
        teenager = period.child.age(day) >= 14
        if teenager and happens(rng, _REFUSED_BY_TEENAGERS):
            yield kind, day, "Refused"
            day += timedelta(days=whole(rng, 20, 90))
        elif happens(rng, 0.03):
            yield kind, day, "Cancelled"
            day += timedelta(days=whole(rng, 7, 40))
        else:
            yield kind, day, "Completed"
            if gaps is None:
                return
            infant = kind == "review_health" and period.child.age(day) < 5
            day += timedelta(days=(_INFANT_HEALTH_DAYS if infant else gaps).pick(rng))
