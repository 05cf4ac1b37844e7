"""The last day that a file speaks for, where it does not say so: found in its own days."""

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

# A day so long after all others is a mistyped one; a file saved after the month's end whose last
# day is before it by no more than a long weekend was drawn for that day.
_QUIET = timedelta(days=31)
_LAST_DAYS = timedelta(days=3)


def last_day(happened: "Iterable[pd.Series[str]]", saved_on: date) -> date | None:
    """Of days (YYYY-MM-DD, or empty) on which something happened, so that none of them can be after
    the one on which the file was saved; None where there is none."""
    columns = list(happened)
    found = pd.concat(columns).str.slice(stop=10).unique() if columns else ()
    days = sorted(_days(day for day in found if "" < day <= saved_on.isoformat()))
    while len(days) > 1 and days[-1] - days[-2] > _QUIET:
        days.pop()
    if not days:
        return None
    month_end = month_end_of(days[-1])
    return month_end if month_end <= saved_on and month_end - days[-1] <= _LAST_DAYS else days[-1]


def month_end_of(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _days(written: Iterable[str]) -> Iterable[date]:
    for day in written:
        try:
            yield date.fromisoformat(day)
        except ValueError:
            continue
