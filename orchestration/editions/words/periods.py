"""Days, months, quarters and years by name."""

from datetime import date

from orchestration.editions.figures import (
    Figure,
)


def period(counted: Figure) -> str:
    """A period in full: July to September 2019 (Quarter 2 2019/20), or September 2019."""
    start, end = counted.period_start, counted.period_end
    if counted.period_type == "month":
        return month(end)
    if counted.period_type == "quarter":
        return f"{_span(start, end)} (Quarter {_quarter(end)} {year(start)})"
    if counted.period_type == "year_to_date":
        kind = "academic year" if start.month == 9 else "year"
        return f"{_span(start, end)} ({kind} {year(start)} to date)"
    if counted.period_type == "rolling_12m":
        return f"{_span(start, end)} (12 months)"
    kind = counted.period_type.removesuffix("_year")
    return f"{_span(start, end)} ({kind} year {whole_year(counted)})"


def short_period(counted: Figure) -> str:
    """A period for an axis or a column: Sep 2019, Q2 2019/20, 2018/19."""
    if counted.period_type == "month":
        return f"{counted.period_end:%b %Y}"
    if counted.period_type == "quarter":
        return f"Q{_quarter(counted.period_end)} {year(counted.period_start)}"
    if counted.period_type == "rolling_12m":
        return f"12 months to {counted.period_end:%b %Y}"
    return whole_year(counted)


def whole_year(counted: Figure) -> str:
    """The name of a whole year: 2018/19, or 2018 of a calendar year."""
    start = counted.period_start
    return str(start.year) if counted.period_type == "calendar_year" else year(start)


def month(day: date) -> str:
    """September 2019."""
    return f"{day:%B %Y}"


def day(moment: date) -> str:
    """30 September 2019."""
    return f"{moment.day} {moment:%B %Y}"


def year(start: date) -> str:
    """The financial year that `start` lies in, or the academic year that it begins: 2019/20."""
    first = start.year if start.month >= 4 else start.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def _quarter(end: date) -> int:
    return (end.month - 4) % 12 // 3 + 1


def _span(start: date, end: date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return month(end)
    return (
        f"{start:%B}" + (f" {start.year}" if start.year != end.year else "") + f" to {month(end)}"
    )
