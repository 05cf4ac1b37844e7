"""Dashboard 6, Care Leavers: each month end from its own delivery only [G20]."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from .calendar import month_start
from .cohorts import World
from .periods import COUNT, PERCENT, Reading, snapshot
from .rows import Row

PERSONS = "ssd_person"
NEET_REASONS = {
    "G4": "illness or disability",
    "G5": "other circumstances",
    "G6": "pregnancy or parenting",
}
UNSUITABLE_TYPES = {
    "X": "custody",
    "W": "bed and breakfast",
    "S": "homeless",
    "V": "emergency",
}


def _first_delivery(world: World) -> date | None:
    """First day of the first month a delivery speaks for: these rows have no dates."""
    return min((month_start(day) for day in world.care_leaver_month_ends), default=None)


@snapshot(COUNT, PERSONS, starts=_first_delivery)
def cl_count(world: World, day: date) -> Reading | None:
    """Young people in the care-leaver cohort of the day's own delivery."""
    cohort = world.care_leavers(day)
    return None if cohort is None else Reading(len(cohort))


@snapshot(PERCENT, PERSONS, starts=_first_delivery)
def cl_in_touch_pct(world: World, day: date) -> Reading | None:
    """The cohort; those in touch (YES). Every other answer, and none, stays below the line."""
    return _part(world, day, lambda row: (row.clea_care_leaver_in_touch or "").upper() == "YES")


@snapshot(PERCENT, PERSONS, starts=_first_delivery)
def cl_neet_pct(world: World, day: date) -> Reading | None:
    """The cohort; those with activity G4, G5 or G6. An unknown activity stays below the line.

    By reason: how many of the whole cohort have it.
    """
    return _part(
        world,
        day,
        lambda row: _activity(row) in NEET_REASONS,
        "neet_reason",
        lambda row: NEET_REASONS.get(_activity(row)),
    )


@snapshot(PERCENT, PERSONS, starts=_first_delivery)
def cl_suitable_accommodation_pct(world: World, day: date) -> Reading | None:
    """The cohort; those whose accommodation is recorded as suitable (1), in custody too.

    By type: how many of the whole cohort are in unsuitable (2) accommodation of that type.
    """
    return _part(
        world,
        day,
        lambda row: row.clea_care_leaver_accom_suitable == "1",
        "unsuitable_type",
        lambda row: (
            UNSUITABLE_TYPES.get(_accommodation(row), "other")
            if row.clea_care_leaver_accom_suitable == "2"
            else None
        ),
    )


@snapshot(COUNT, PERSONS, starts=_first_delivery)
def cl_bed_and_breakfast_count(world: World, day: date) -> Reading | None:
    """The cohort's young people in bed and breakfast (W), suitable or not."""
    cohort = world.care_leavers(day)
    if cohort is None:
        return None
    return Reading(sum(_accommodation(row) == "W" for row in cohort))


def _part(
    world: World,
    day: date,
    met: Callable[[Row], bool],
    breakdown: str = "",
    value_of: Callable[[Row], str | None] = lambda _: None,
) -> Reading | None:
    cohort = world.care_leavers(day)
    if cohort is None:
        return None
    values = Counter(value for row in cohort if (value := value_of(row)) is not None)
    parts = {(breakdown, value): (number, len(cohort)) for value, number in values.items()}
    return Reading(sum(met(row) for row in cohort), len(cohort), parts)


def _activity(row: Row) -> str:
    return (row.clea_care_leaver_activity or "").upper()


def _accommodation(row: Row) -> str:
    return (row.clea_care_leaver_accommodation or "").upper()


INDICATORS = (
    cl_count,
    cl_in_touch_pct,
    cl_neet_pct,
    cl_suitable_accommodation_pct,
    cl_bed_and_breakfast_count,
)
