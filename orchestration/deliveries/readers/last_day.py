"""The last day that a file speaks for, where it does not say so: found in its own days."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

# A few days so long after all others are mistyped ones; a file saved after the month's end whose
# last day is before it by no more than a long weekend was drawn for that day.
_QUIET = timedelta(days=31)
_MISTYPED = 3
_LAST_DAYS = timedelta(days=3)


def last_day(happened: "Iterable[pd.Series[str]]", saved_on: date) -> date | None:
    """Of days (YYYY-MM-DD, or empty) on which something happened, so that none of them can be after
    the one on which the file was saved; None where there is none."""
    columns = list(happened)
    found = pd.concat(columns).str.slice(stop=10).unique() if columns else ()
    days = sorted(_days(day for day in found if "" < day <= saved_on.isoformat()))
    if not days:
        return None
    newest = days[::-1]
    steps = pairwise(newest[: _MISTYPED + 2])
    last = next((day for day, before in steps if day - before <= _QUIET), newest[0])
    month_end = month_end_of(last)
    return month_end if month_end <= saved_on and month_end - last <= _LAST_DAYS else last


def month_end_of(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _days(written: Iterable[str]) -> Iterable[date]:
    for day in written:
        try:
            yield date.fromisoformat(day)
        except ValueError:
            continue
