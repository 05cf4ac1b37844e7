"""The period of an official figure, from `time_period` and `time_identifier` of its file."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

YEAR_OF_REPORT = {"Reporting year", "Calendar year"}


@dataclass(frozen=True)
class Period:
    """As benchmarks have it: the statistic's own name for it, its first day and its last."""

    label: str
    start: date
    end: date


def _financial(year: int) -> Period:
    label = f"{year - 1}/{year % 100:02}"
    return Period(label, date(year - 1, 4, 1), date(year, 3, 31))


def _academic(year: int) -> Period:
    label = f"{year - 1}/{year % 100:02} academic"
    return Period(label, date(year - 1, 9, 1), date(year, 8, 31))


def _to_september(year: int) -> Period:
    return Period(f"year ending 30 Sept {year}", date(year - 1, 10, 1), date(year, 9, 30))


def _day(year: int, month: int, day: int, name: str) -> Period:
    return Period(f"{day} {name} {year}", date(year, month, day), date(year, month, day))


_OF_BASIS: dict[str, tuple[set[str], set[str], Callable[[int], Period]]] = {
    # kind of year: identifiers with one year (2025), with two (202425), and the period that ends so
    "financial year": ({"Reporting year"}, {"Financial year", "Reporting year"}, _financial),
    "academic year": (set(), {"Academic year"}, _academic),
    "calendar year": (
        {"Calendar year"},
        set(),
        lambda year: Period(f"{year}", date(year, 1, 1), date(year, 12, 31)),
    ),
    "year to 30 September": (YEAR_OF_REPORT, set(), _to_september),
    "snapshot 31 March": (YEAR_OF_REPORT, set(), lambda year: _day(year, 3, 31, "March")),
    "snapshot 30 September": (YEAR_OF_REPORT, set(), lambda year: _day(year, 9, 30, "September")),
    "January snapshot": (
        {*YEAR_OF_REPORT, "January"},
        set(),
        lambda year: Period(f"January {year} census", date(year, 1, 1), date(year, 1, 31)),
    ),
}


def period_of(year_basis: str, time_period: str, time_identifier: str) -> Period | None:
    """None where the file's period is not of this kind of year.

    Raises `ValueError` where `time_period` is no year, or two that do not follow each other.
    """
    one, two, ending = _OF_BASIS[year_basis]
    found = re.fullmatch(r"(\d{4})(\d{2})?", time_period)
    if not found:
        raise ValueError
    year = int(found[1])
    if found[2]:
        if int(found[2]) != (year + 1) % 100:
            raise ValueError
        return ending(year + 1) if time_identifier in two else None
    return ending(year) if time_identifier in one else None
