"""Young people leaving care, and the list of them that is delivered each month without dates."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from orchestration.sample_council.calendar import add_months
from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.code_maps import local
from orchestration.sample_council.histories import CarePeriod, Child, Leaver, State
from orchestration.sample_council.people import Registry
from orchestration.sample_council.rows import Rows
from orchestration.sample_council.scene import Scene

# Of the 60 to 88 aged 19 to 21: 84 to 98 % in touch, 27 to 43 % not in education, employment or
# training, 77 to 95 % suitably housed; about 100 aged 17 to 21.
_IN_TOUCH = Choice({"YES": 940, "NO": 30, "REFU": 14, "NREQ": 12, "RHOM": 4})
_ACTIVITY = Choice(
    {"F1": 9, "F2": 20, "P2": 4, "F4": 5, "P4": 1, "F5": 16, "P5": 7, "G4": 11, "G5": 21, "G6": 6}
)
_ACCOMMODATION = Choice(
    {"U": 33, "D": 22, "E": 9, "Z": 11, "B": 11, "T": 3, "K": 3, "C": 1, "Y": 2, "R": 1.5, "G": 0.5}
    | {"S": 1, "V": 0.4, "W": 0.6, "X": 2.4}
)
_UNSUITABLE = frozenset("SVWXR")
_UNSUITABLE_OTHERWISE = 0.015
_STATE_DAYS = Bands((0.4, 60, 150), (0.6, 151, 420))
_CONTACT_DAYS = Bands((0.8, 14, 56), (0.2, 57, 120))
_QUALIFYING_SHARE = 0.35
_ARRIVED_FROM_ELSEWHERE = 2
_REPEATED = 0.06

ACCOMMODATION = "ssd_care_leavers.clea_care_leaver_accommodation"
SUITABLE = "ssd_care_leavers.clea_care_leaver_accom_suitable"
ACTIVITY = "ssd_care_leavers.clea_care_leaver_activity"


def tell_leavers(scene: Scene, registry: Registry, periods: Iterable[CarePeriod]) -> list[Leaver]:
    """Everyone aged 16 or more when a period of care ends, and some who moved here afterwards."""
    rng = scene.random("care leavers")
    found: dict[int, Leaver] = {}
    for period in sorted(periods, key=lambda period: period.start):
        sixteen = add_months(period.child.birth, 192)
        long_enough = (period.end - period.start).days >= 91
        if not period.short_break and period.end > sixteen and long_enough:
            qualifying = period.child.age(period.end) < 18 and happens(rng, _QUALIFYING_SHARE)
            entered = max(period.start, sixteen)
            found[period.child.number] = _leaver(
                rng, scene, period.child, entered, period.end, qualifying
            )
    leavers = list(found.values())
    for _ in range(scene.number(_ARRIVED_FROM_ELSEWHERE)):
        leavers.append(_arrived(rng, scene, registry))
    scene.stories.tell_leavers(leavers, scene.as_at, lambda: _arrived(rng, scene, registry))
    return leavers


def _arrived(rng: Random, scene: Scene, registry: Registry) -> Leaver:
    """A young person of 18 to 20 at the as-at day who was in another authority's care."""
    born = add_months(scene.as_at, -12 * 18) - timedelta(days=whole(rng, 30, 1_000))
    child = registry.family(born + timedelta(days=900)).children[0]
    child.birth, child.death = born, None
    eighteen = add_months(born, 216)
    return _leaver(rng, scene, child, eighteen - timedelta(days=200), eighteen, False)


def write_leavers(rows: Rows, scene: Scene, leavers: Iterable[Leaver], day: date) -> None:
    """ssd_care_leavers as delivered for `day`: new row identifiers, some young people twice."""
    rng = scene.random(f"care leavers {day.isoformat()}")
    for leaver in leavers:
        status = leaver.eligibility(day)
        if status is None:
            continue
        contact = leaver.latest_contact(day)
        died = leaver.child.death is not None and leaver.child.death <= day
        state = leaver.state(day)
        state = replace(state, in_touch="DIED") if died else state
        _write(rows, rng, leaver, status, state, contact)
        if contact and happens(rng, _REPEATED):
            earlier = contact - timedelta(days=whole(rng, 0, 1) * whole(rng, 20, 300))
            older = "Eligible" if status != "Eligible" else "No Current Eligibility"
            _write(rows, rng, leaver, older, leaver.state(earlier), earlier)


def _write(
    rows: Rows, rng: Random, leaver: Leaver, status: str, state: State, contact: date | None
) -> None:
    in_care = status == "Eligible"
    rows.add(
        clea_table_id=f"{rng.getrandbits(128):032x}",
        clea_person_id=leaver.child.person_id,
        clea_care_leaver_eligibility=status,
        clea_care_leaver_in_touch=None if in_care else state.in_touch,
        clea_care_leaver_latest_contact=contact,
        clea_care_leaver_accommodation=None
        if in_care
        else local(ACCOMMODATION, state.accommodation),
        clea_care_leaver_accom_suitable=None
        if in_care
        else local(SUITABLE, "1" if state.suitable else "2"),
        clea_care_leaver_activity=None if in_care else local(ACTIVITY, state.activity),
    )


def _leaver(
    rng: Random, scene: Scene, child: Child, entered: date, left: date, qualifying: bool
) -> Leaver:
    leaver = Leaver(child, entered, left, qualifying=qualifying)
    day = left
    while not leaver.states or day <= scene.as_at:
        leaver.states.append(_state(rng, day))
        day += timedelta(days=_STATE_DAYS.pick(rng))
    day = entered + timedelta(days=whole(rng, 0, 20))
    while day <= scene.as_at:
        leaver.contacts.append(day)
        day += timedelta(days=_CONTACT_DAYS.pick(rng))
    return leaver


def _state(rng: Random, since: date) -> State:
    home = _ACCOMMODATION.pick(rng)
    suitable = home not in _UNSUITABLE and not happens(rng, _UNSUITABLE_OTHERWISE)
    return State(since, _IN_TOUCH.pick(rng), home, suitable, _ACTIVITY.pick(rng))
