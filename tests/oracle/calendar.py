"""Months, working days and elapsed time, as the general rules fix them [G4, G6, G7, G8, G10]."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


def month_start(day: date) -> date:
    """First day of the month of `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Snapshot day of the month of `day`: its last calendar day [G4]."""
    return month_start(month_start(day) + timedelta(days=31)) - ONE_DAY


def month_end_before(day: date, months: int) -> date:
    """EOM(day, -months): last day of the month `months` months before the month of `day` [G8]."""
    return month_end(add_months(month_start(day), -months))


def add_months(day: date, months: int) -> date:
    """The same day `months` months on (or back), cut to the last day of that month [G7]."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), month_end(first))


def in_window(day: date | None, month_end_day: date, months: int) -> bool:
    """Whether `day` is in (EOM(D, -months), D] [G8]."""
    return day is not None and month_end_before(month_end_day, months) < day <= month_end_day


def full_years(birth: date, day: date) -> int:
    """Age in full years [G10]; a 29 February birthday falls on 1 March in a common year."""
    had_birthday = (day.month, day.day) >= (birth.month, birth.day)
    return day.year - birth.year - (0 if had_birthday else 1)


def is_open(start: date | None, end: date | None, day: date) -> bool:
    """Open at `day`: started by then and not ended by then; an end ON the day closes [G3]."""
    return start is not None and start <= day and (end is None or end > day)


def earlier(first: date | None, second: date | None) -> date | None:
    """The earlier of two dates, an empty one never being the earlier."""
    if first is None or second is None:
        return first if second is None else second
    return min(first, second)


def elapsed_hours(start: datetime, end: datetime) -> float:
    """Hours that really passed, so a night when the clocks change is an hour longer or shorter."""
    return (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 3600


class WorkingDays:
    """Working-day arithmetic: weekends and the given bank holidays do not count [G6]."""

    _FIRST, _LAST = date(1900, 1, 1), date(2300, 12, 31)

    def __init__(self, holidays: Iterable[date]) -> None:
        off = set(holidays)
        self._worked: list[date] = []
        self._worked_by: list[int] = []
        day = self._FIRST
        while day <= self._LAST:
            if day.weekday() < 5 and day not in off:
                self._worked.append(day)
            self._worked_by.append(len(self._worked))
            day += ONE_DAY

    def between(self, start: date, end: date) -> int | None:
        """WD(start, end): working days d with start < d <= end; None when start is after end."""
        if start > end:
            return None
        return self._counted(end) - self._counted(start)

    def after(self, start: date, number: int) -> date:
        """The first day with `number` (one or more) working days since `start`."""
        return self._worked[self._counted(start) + number - 1]

    def _counted(self, day: date) -> int:
        return self._worked_by[max((day - self._FIRST).days, 0)]


@lru_cache(maxsize=4)
def working_days(holidays: frozenset[date]) -> WorkingDays:
    """The calendar of these bank holidays, built once."""
    return WorkingDays(holidays)
