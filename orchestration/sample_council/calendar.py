"""Days: working days, the months of a history, and when in the year things happen."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate
from random import Random

ONE_DAY = timedelta(days=1)

# Referrals for each working day of a month, as a share of an average day: Wokingham, 2017/18 to
# 2021/22 (DfE, Children in need). Full terms are busy; August and December are not.
MONTH_WEIGHTS = (1.03, 1.13, 1.16, 0.98, 1.06, 1.0, 0.92, 0.77, 1.07, 0.96, 1.15, 0.9)
_WEEKDAY_WEIGHTS = (1.1, 1.1, 1.05, 1.05, 1.0, 0.06, 0.05)
_HOLIDAY_WEIGHT = 0.05
_EASTER_WEIGHT = 0.75
_YEARLY_GROWTH = 1.015


def add_months(day: date, months: int) -> date:
    """The same day `months` months on (or back), cut to the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), month_end(first))


def month_end(day: date) -> date:
    """Last day of the month of `day`."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - ONE_DAY


def month_ends(first: date, last: date) -> list[date]:
    """Month ends from the month of `first` to that of `last`."""
    found = [month_end(first)]
    while found[-1] < month_end(last):
        found.append(month_end(found[-1] + ONE_DAY))
    return found


def full_years(birth: date, day: date) -> int:
    """Age in full years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def school_year(day: date) -> int:
    """The year in which the school year of `day` began, on 1 September."""
    return day.year - (day.month < 9)


def clock_changes(first: date, last: date) -> list[date]:
    """Sundays between two days on which the clocks change: the last of March and of October."""
    found = []
    for year in range(first.year, last.year + 1):
        for month in (3, 10):
            sunday = date(year, month, 31)
            sunday -= timedelta(days=(sunday.weekday() + 1) % 7)
            if first < sunday < last:
                found.append(sunday)
    return found


class WorkingDays:
    """Working-day arithmetic over a span: weekends and bank holidays do not count."""

    def __init__(self, holidays: Iterable[date], first: date, last: date) -> None:
        off = set(holidays)
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        self._worked = [day for day in days if day.weekday() < 5 and day not in off]

    def between(self, start: date, end: date) -> int:
        """Working days d with start < d <= end; below zero when start is after end."""
        return bisect_right(self._worked, end) - bisect_right(self._worked, start)

    def add(self, day: date, number: int) -> date:
        """The first day with `number` working days since `day`; `day` itself for none."""
        return self._worked[bisect_right(self._worked, day) + number - 1] if number else day

    def back(self, day: date, number: int) -> date:
        """The working day `number` working days before `day` (after it, if negative)."""
        return self._worked[bisect_right(self._worked, day) - 1 - number]


class Seasons:
    """Days drawn as a council's front door is busy: by weekday, month, holiday and slow growth."""

    def __init__(self, holidays: Iterable[date], first: date, last: date) -> None:
        off = frozenset(holidays)
        self._days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        self._until = list(accumulate(_busy(day, off, first) for day in self._days))

    def pick(self, rng: Random, first: date, last: date) -> date:
        """A day of [first, last], which must lie inside the span."""
        low = (first - self._days[0]).days
        before = self._until[low - 1] if low else 0.0
        through = self._until[(last - self._days[0]).days]
        place = bisect_left(self._until, before + rng.random() * (through - before))
        return self._days[place]


def _busy(day: date, holidays: frozenset[date], first: date) -> float:
    weight = MONTH_WEIGHTS[day.month - 1] * _WEEKDAY_WEIGHTS[day.weekday()]
    if day in holidays:
        weight *= _HOLIDAY_WEIGHT
    elif _near_easter(day, holidays):
        weight *= _EASTER_WEIGHT
    return weight * float(_YEARLY_GROWTH ** ((day - first).days / 365))


def _near_easter(day: date, holidays: frozenset[date]) -> bool:
    """Within nine days of a Good Friday: the only bank holiday that is a Friday of spring."""
    if not 3 <= day.month <= 5:
        return False
    span = (day + timedelta(days=number) for number in range(-9, 10))
    return any(near in holidays and near.weekday() == 4 and 3 <= near.month < 5 for near in span)
