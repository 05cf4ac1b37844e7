"""Which collection year an SSDA903 return is of: nothing in it says so.

A return holds what was so on or after 1 April of its year, and nothing that happened after it was
drawn. So the newest day on which anything happened lies in its year: the year from 1 April to
31 March around that day. It reaches to 31 March where something happened in the last week of the
year, and else to that newest day: it was drawn before its year was over. Where few days of that
year stand beside many of the one before, they may be slips of the pen, and no year is told.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import Span, UnreadableError

FIRST, LAST = 2019, 2026
"""The calendar years in which the first and the last year begin that are known."""
_FEWEST = 0.05


def span(happened: Iterable["pd.Series[pd.Timestamp]"]) -> Span:
    """What the return covers. Raises `UnreadableError`."""
    told = pd.concat(list(happened)).dropna()
    if told.empty:
        raise UnreadableError(finding("RETURN-YEAR", what="no day on which anything happened"))
    years = (told.dt.year - (told.dt.month < 4)).value_counts()
    year = int(years.index.max())
    if not FIRST <= year <= LAST:
        raise UnreadableError(finding("RETURN-YEAR", what=f"its newest day lies in {_named(year)}"))
    if years[year] < _FEWEST * years.get(year - 1, 0):
        what = f"{years[year]} days in {_named(year)}, too few for a return of that year"
        raise UnreadableError(finding("RETURN-YEAR", what=what))
    newest, ends = told.max().date(), date(year + 1, 3, 31)
    if ends - newest < timedelta(days=7):
        return Span(date(year, 4, 1), ends)
    return Span(date(year, 4, 1), newest, until=ends)


def _named(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"
