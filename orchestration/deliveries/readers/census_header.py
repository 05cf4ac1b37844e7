"""The header that the Department for Education's XML censuses share."""

from collections.abc import Mapping
from datetime import date
from xml.etree.ElementTree import Element

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import UnreadableError


def header_of(record: Element) -> dict[str, str]:
    """Each element of a `Header` by its name."""
    return {each.tag: (each.text or "").strip() for each in record.iter()}


def year_of(header: Mapping[str, str], years: range) -> tuple[int, date | None]:
    """The census's year, and the day that it refers to where that is told.

    Raises `UnreadableError` for a year that is not one of `years`, or not that of the day.
    """
    told, year = header.get("ReferenceDate", ""), header.get("Year", "")
    day = _day("ReferenceDate", told) if told else None
    if year and (not year.isdecimal() or (day and int(year) != day.year)):
        what = "the year is no year, or not that of the reference date"
        expected = "the year in which the reference date lies"
        raise UnreadableError(finding("RETURN-YEAR", column="Year", what=what, expected=expected))
    found = int(year) if year else day.year if day else 0
    if found not in years:
        what = f"no year from {years[0]} to {years[-1]}" if found else "no year is told"
        raise UnreadableError(finding("RETURN-YEAR", column="Year", what=what))
    return found, day


def last_day(header: Mapping[str, str], begun: date, ends: date) -> date:
    """`ends`, or the day on which it was drawn before that. Raises `UnreadableError`."""
    told = header.get("DateTime", "")
    drawn = _day("DateTime", told) if told else ends
    if drawn < begun:
        what = "it was drawn before its year began"
        raise UnreadableError(finding("RETURN-YEAR", column="DateTime", what=what))
    return min(ends, drawn)


def _day(name: str, told: str) -> date:
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        what = "a day that cannot be read"
        raise UnreadableError(finding("RETURN-YEAR", column=name, what=what)) from None
