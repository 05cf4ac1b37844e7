"""Dashboard 6, Care Leavers: each month end from its own delivery only [G20], also by age."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from .calendar import month_start
from .cohorts import World
from .periods import COUNT, PERCENT, Reading, counted, share, snapshot
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


def _first_delivery(answer: str) -> Callable[[World], date | None]:
    """First day of the first month that a delivery with an answer speaks for: no row has a date."""
    return lambda world: min(
        (
            month_start(day)
            for day in world.care_leaver_month_ends
            if world.care_leavers_answer(day, answer)
        ),
        default=None,
    )


@snapshot(COUNT, PERSONS, starts=_first_delivery("eligibility"))
def cl_count(world: World, day: date) -> Reading | None:
    """Young people in the care-leaver cohort of the day's own delivery."""
    cohort = _cohort(world, day, "eligibility")
    return None if cohort is None else counted(_age_part(world, row, day) for row in cohort)


@snapshot(PERCENT, PERSONS, starts=_first_delivery("in_touch"))
def cl_in_touch_pct(world: World, day: date) -> Reading | None:
    """The cohort; those in touch (YES). Every other answer, and none, stays below the line.

    Also by whether they are in custody (X).
    """
    cohort = _cohort(world, day, "in_touch")
    return (
        None
        if cohort is None
        else share(
            (_is_in_touch(row), _age_part(world, row, day) | {"in_custody": _in_custody(row)})
            for row in cohort
        )
    )


@snapshot(PERCENT, PERSONS, starts=_first_delivery("activity"))
def cl_neet_pct(world: World, day: date) -> Reading | None:
    """The cohort; those with activity G4, G5 or G6. An unknown activity stays below the line.

    By reason: how many of the whole cohort have it.
    """
    return _part(
        world,
        day,
        "activity",
        lambda row: _activity(row) in NEET_REASONS,
        "neet_reason",
        lambda row: NEET_REASONS.get(_activity(row)),
    )


@snapshot(PERCENT, PERSONS, starts=_first_delivery("accom_suitable"))
def cl_suitable_accommodation_pct(world: World, day: date) -> Reading | None:
    """The cohort; those whose accommodation is recorded as suitable (1), in custody too.

    By type: how many of the whole cohort are in unsuitable (2) accommodation of that type.
    """
    return _part(
        world,
        day,
        "accom_suitable",
        lambda row: row.clea_care_leaver_accom_suitable == "1",
        "unsuitable_type",
        lambda row: (
            UNSUITABLE_TYPES.get(_accommodation(row), "other")
            if row.clea_care_leaver_accom_suitable == "2"
            else None
        ),
    )


@snapshot(COUNT, PERSONS, starts=_first_delivery("accommodation"))
def cl_bed_and_breakfast_count(world: World, day: date) -> Reading | None:
    """The cohort's young people in bed and breakfast (W), suitable or not."""
    cohort = _cohort(world, day, "accommodation")
    if cohort is None:
        return None
    return counted(_age_part(world, row, day) for row in cohort if _accommodation(row) == "W")


def _cohort(world: World, day: date, answer: str) -> list[Row] | None:
    """None where no delivery speaks for the day, or where it answers nothing of the kind."""
    return world.care_leavers(day) if world.care_leavers_answer(day, answer) else None


def _part(
    world: World,
    day: date,
    answer: str,
    met: Callable[[Row], bool],
    breakdown: str = "",
    value_of: Callable[[Row], str | None] = lambda _: None,
) -> Reading | None:
    cohort = _cohort(world, day, answer)
    if cohort is None:
        return None
    whole = share((met(row), _age_part(world, row, day)) for row in cohort)
    values = Counter(value for row in cohort if (value := value_of(row)) is not None)
    parts = {(breakdown, value): (number, len(cohort)) for value, number in values.items()}
    return Reading(whole.numerator, whole.denominator, {**whole.parts, **parts})


def _age_part(world: World, row: Row, day: date) -> dict[str, str]:
    """19 to 21, the ages that official figures are about, or younger."""
    age = world.age(row.clea_person_id, day)
    return {"age_part": "19-21" if age is not None and age >= 19 else "17-18"}


def _in_custody(row: Row) -> str:
    where = _accommodation(row)
    return {"X": "Y", "": "not recorded"}.get(where, "N")


def _is_in_touch(row: Row) -> bool:
    return (row.clea_care_leaver_in_touch or "").upper() == "YES"


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
