"""Periods of care: legal statuses, placements and the episodes they make, and short breaks."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from orchestration.sample_council.calendar import add_months
from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.code_maps import local
from orchestration.sample_council.histories import CarePeriod, Case, Child, Placement
from orchestration.sample_council.places import Places
from orchestration.sample_council.rows import Tables
from orchestration.sample_council.scene import Scene

# 98 to 149 children in care at 31 March, a fifth of them asylum seekers; 5 to 19 % with three
# placements or more in a year.
_STAY_DAYS = Bands((0.22, 5, 120), (0.22, 121, 400), (0.16, 401, 900), (0.4, 901, 6_570))
_FIRST_STATUS = Choice({"V2": 46, "C2": 4, "C1": 28, "L1": 8, "L2": 9, "E1": 2, "J1": 3})
_EMERGENCY_DAYS = Bands((1.0, 3, 20))
_INTERIM_DAYS = Bands((1.0, 150, 320))
_END_REASONS = Choice({"E4A": 40, "E4B": 12, "E45": 12, "E46": 8, "E41": 8, "E11": 8, "E8": 12})
_ADOPTED_BEFORE = 7
_ADULT_END_REASONS = Choice({"E5": 40, "E6": 20, "E3": 6, "E7": 8, "E8": 26})

_PLACED_DAYS = Bands((0.16, 4, 45), (0.21, 46, 200), (0.21, 201, 500), (0.42, 501, 3_000))
_BABY = Choice({"U6": 62, "U3": 16, "P1": 8, "A4": 4, "R1": 2, "H5": 0, "U4": 8})
_CHILD = Choice({"U6": 56, "U4": 10, "U3": 12, "U1": 4, "P1": 6, "K2": 10, "S1": 1, "Z1": 1})
_TEEN = Choice({"U6": 38, "U4": 8, "U3": 6, "P1": 4, "K2": 26, "H5": 14, "P2": 3, "K1": 1})
_ASYLUM = Choice({"U6": 42, "H5": 44, "P2": 8, "K2": 6})
_TEMPORARY = 0.02
_SETTLES = 0.3
_SETTLES_AFTER_DAYS = 400
_WITH_ORDER = 0.2

_WITHOUT_STATUS = 0.02
_DIES = 0.012

_SHORT_BREAK_CHILDREN = 14
_BREAK_DAYS = Bands((0.7, 2, 3), (0.3, 4, 10))
_NEXT_BREAK_DAYS = Bands((0.6, 21, 40), (0.4, 41, 90))


def period_of_care(rng: Random, scene: Scene, case: Case, place: int, entered: date) -> CarePeriod:
    """A period of care from `entered` to a return home, another order, adoption or 18."""
    child = case.children[place]
    adult = add_months(child.birth, 216)
    planned = entered + timedelta(days=_STAY_DAYS.pick(rng))
    end = min(planned, adult)
    reasons = _ADULT_END_REASONS if end == adult else _END_REASONS
    reason = reasons.pick(rng)
    reason = "E8" if reason == "E11" and child.age(end) >= _ADOPTED_BEFORE else reason
    died = entered + timedelta(days=whole(rng, 20, 500))
    if happens(rng, _DIES) and scene.start <= died < end and child.death is None:
        child.death = died
    need = "N1" if case.need in ("N9", "N0") else case.need
    period = CarePeriod(case.key("CLA", place), child, entered, end, reason, need)
    period.legal = list(_statuses(rng, entered, end))
    _place(rng, scene, period, asylum=False)
    return period


def asylum_period(rng: Random, scene: Scene, case: Case) -> CarePeriod:
    """Care by agreement (V2) from the day after arrival to the 18th birthday."""
    child, entered = case.children[0], case.day + timedelta(days=whole(rng, 0, 1))
    end = add_months(child.birth, 216)
    reason = _ADULT_END_REASONS.pick(rng)
    period = CarePeriod(case.key("CLA", 0), child, entered, end, reason, "N8")
    period.legal = [("V2", entered, end)]
    _place(rng, scene, period, asylum=True)
    return period


def short_breaks(scene: Scene, children: list[Child]) -> list[CarePeriod]:
    """Disabled children who stay away for some nights under V4 (a few: single breaks, V3)."""
    rng, found = scene.random("short breaks"), []
    able = [child for child in children if 4 <= child.age(scene.as_at) <= 15 and not child.death]
    for number in range(min(scene.number(_SHORT_BREAK_CHILDREN), len(able))):
        child = able[number * len(able) // scene.number(_SHORT_BREAK_CHILDREN)]
        first = scene.start + timedelta(days=whole(rng, -400, (scene.as_at - scene.start).days))
        first = max(first, add_months(child.birth, 24))
        cla_id = f"CLA-SB-{number:04d}"
        if number % 4 == 3:
            found += list(_single_breaks(rng, scene, child, first, cla_id))
            continue
        last = min(first + timedelta(days=whole(rng, 200, 1_200)), add_months(child.birth, 216))
        found.append(_break(rng, scene, child, cla_id, "V4", first, last))
    return found


def _single_breaks(
    rng: Random, scene: Scene, child: Child, first: date, cla_id: str
) -> Iterable[CarePeriod]:
    for number in range(whole(rng, 3, 9)):
        last = first + timedelta(days=_BREAK_DAYS.pick(rng))
        if first > scene.as_at:
            return
        yield _break(rng, scene, child, f"{cla_id}-{number}", "V3", first, last)
        first = last + timedelta(days=_NEXT_BREAK_DAYS.pick(rng))


def _break(
    rng: Random, scene: Scene, child: Child, cla_id: str, status: str, first: date, last: date
) -> CarePeriod:
    period = CarePeriod(cla_id, child, first, last, "E8", "N2", short_break=True)
    period.legal = [(status, first, last)]
    home = Places(rng).near()
    period.placements = [Placement(f"{cla_id}-P0", first, last, "K1", "PR1", *home)]
    return period


def _statuses(rng: Random, entered: date, end: date) -> Iterable[tuple[str, date, date]]:
    """Legal statuses one after another: an emergency, an interim and then a full order."""
    status, start = _FIRST_STATUS.pick(rng), entered
    while True:
        if status in ("L1", "L2", "J1"):
            last = start + timedelta(days=_EMERGENCY_DAYS.pick(rng))
            following = "C1" if happens(rng, 0.6) else "V2"
        elif status == "C1":
            last = start + timedelta(days=_INTERIM_DAYS.pick(rng))
            following = "C2" if happens(rng, 0.85) else "E1"
        elif status == "V2" and happens(rng, 0.2):
            last, following = start + timedelta(days=whole(rng, 30, 300)), "C1"
        else:
            last, following = end, ""
        yield status, start, min(last, end)
        if last >= end or not following:
            return
        status, start = following, last


def _place(rng: Random, scene: Scene, period: CarePeriod, asylum: bool) -> None:
    """Placements one after another; a long stay may become permanent with the same carer.

    Some moves come with a new legal status, and so does some permanence.
    """
    end, start = period.end, period.start
    places = Places(rng)
    while start < end:
        age = period.child.age(start)
        kinds = _ASYLUM if asylum else _BABY if age < 5 else _CHILD if age < 12 else _TEEN
        kind, spot = kinds.pick(rng), places.pick()
        last = min(end, start + timedelta(days=_PLACED_DAYS.pick(rng)))
        if period.placements and last < end and happens(rng, _TEMPORARY):
            kind, last = "T1", min(end, start + timedelta(days=whole(rng, 2, 18)))
        orders = [begun for _, begun, _ in period.legal if start < begun < last]
        order = orders[0] if orders and happens(rng, _WITH_ORDER) else None
        settles = order or start + timedelta(days=_SETTLES_AFTER_DAYS)
        keeps = kind == "U6" and settles < last and happens(rng, _SETTLES)
        last = order if order and not keeps else last
        provider = "PR0" if kind == "P1" else "PR1" if happens(rng, 0.45) else "PR4"
        stays = [(start, settles, kind, ""), (settles, last, "U4", "T")]
        for first, until, what, kept in stays if keeps else [(start, last, kind, "")]:
            identifier = f"{period.cla_id}-P{len(period.placements)}"
            period.placements.append(
                Placement(identifier, first, until, what, provider, *spot, kept=kept)
            )
        start = last


def write_care(tables: Tables, scene: Scene, periods: Iterable[CarePeriod]) -> None:
    """Episodes, legal statuses and placements of the periods of care in the history."""
    rng = scene.random("care rows")
    for period in periods:
        last = period.child.alive_until(scene.as_at)
        if period.short_break or not happens(rng, _WITHOUT_STATUS):
            _write_statuses(tables, scene, period, last)
        for placement in period.placements:
            if placement.start <= last:
                _write_placement(tables, scene, rng, period, placement)
        _write_episodes(tables, scene, rng, period, last)


def _write_statuses(tables: Tables, scene: Scene, period: CarePeriod, last: date) -> None:
    """Legal statuses of the period, and now and then an order after it that is not care."""
    statuses = list(period.legal)
    if period.end_reason == "E4A" and period.legal[-1][0] == "C2":
        supervised = local("ssd_legal_status.lega_legal_status", "other")
        statuses.append((supervised, period.end, period.end + timedelta(days=365)))
    for number, (status, start, end) in enumerate(statuses):
        if start <= last:
            tables["ssd_legal_status"].add(
                lega_legal_status_id=f"{period.cla_id}-L{number}",
                lega_person_id=period.child.person_id,
                lega_legal_status=status,
                lega_legal_status_start_date=start,
                lega_legal_status_end_date=scene.seen(end),
            )


def _write_placement(
    tables: Tables, scene: Scene, rng: Random, period: CarePeriod, placement: Placement
) -> None:
    tables["ssd_cla_placement"].add(
        clap_cla_placement_id=placement.placement_id,
        clap_cla_id=period.cla_id,
        clap_person_id=period.child.person_id if happens(rng, 0.9) else None,
        clap_cla_placement_start_date=placement.start,
        clap_cla_placement_end_date=scene.seen(placement.end),
        clap_cla_placement_type=_kind_of_year(placement.kind, placement.start),
        clap_cla_placement_provider=placement.provider,
        clap_cla_placement_distance=placement.distance,
        clap_cla_placement_postcode=placement.postcode,
    )


def _kind_of_year(kind: str, start: date) -> str:
    """The kind as the list of the year calls it in which the placement began."""
    if kind in ("P2", "H5") and start > (date(2023, 10, 28) if kind == "P2" else date(2025, 3, 31)):
        return "K3"
    return "Z14" if kind == "Z1" and start > date(2025, 3, 31) else kind


def _write_episodes(
    tables: Tables, scene: Scene, rng: Random, period: CarePeriod, last: date
) -> None:
    """A new episode at each change of placement (P), legal status (L) or both (B)."""
    placed = {placement.start: placement for placement in period.placements}
    ordered = {start for _, start, _ in period.legal}
    changes = sorted({period.start, *placed, *ordered})
    ends = [*changes[1:], period.end]
    standing: Placement | None = None
    for number, (start, end) in enumerate(zip(changes, ends, strict=True)):
        standing = placed.get(start, standing)
        if start > last:
            return
        over = scene.seen(end)
        left = period.end_reason if end == period.end else "X1"
        tables["ssd_cla_episodes"].add(
            clae_cla_episode_id=f"{period.cla_id}-E{number}",
            clae_person_id=period.child.person_id,
            clae_cla_id=period.cla_id,
            clae_cla_placement_id=standing.placement_id if standing else None,
            clae_cla_episode_start_date=start,
            clae_cla_episode_start_reason=local(
                "ssd_cla_episodes.clae_cla_episode_start_reason",
                _start_reason(number, placed.get(start), start in ordered),
            ),
            clae_cla_episode_ceased_date=over,
            clae_cla_episode_ceased_reason=local(
                "ssd_cla_episodes.clae_cla_episode_ceased_reason", left
            )
            if over
            else None,
            clae_entered_care_date=period.start if happens(rng, 0.95) else None,
            clae_cla_primary_need_code=period.need,
        )


def _start_reason(number: int, moved: Placement | None, ordered: bool) -> str:
    if number == 0:
        return "S"
    if moved is None:
        return "L"
    if moved.kept:
        return "U" if ordered else moved.kept
    return "B" if ordered else "P"
