"""Which collection year an SSDA903 return is of: nothing in it says so.

A return holds what was so on or after 1 April of its year, and nothing that happened after it was
drawn. So the newest day on which anything happened lies in its year: the year from 1 April to
31 March around that day. It reaches to 31 March where something happened in the last week of the
year, and else to that newest day: it was drawn before its year was over. Where few days of that
year stand beside many of the one before, they may be slips of the pen, and no year is told; nor is
one where the newest day stands months after the last of many on which an episode began or ended, as
where files of different years lie together.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import Span, UnreadableError
from orchestration.deliveries.readers.ssda903.tables import HAPPENED

FIRST, LAST = 2019, 2026
"""The calendar years in which the first and the last year begin that are known."""
_FEWEST = 0.05
_EXPECTED = "days of one year, of 2019/20 or later"
# of a council where so much happens in a year, no quarter is quiet
_MANY, _A_YEAR, _QUIET = 20, timedelta(days=365), timedelta(days=120)


def span(tables: Mapping[str, pd.DataFrame]) -> Span:
    """What the return covers, by the days in its tables. Raises `UnreadableError`."""
    dated = {
        (table, name): tables[table][name]
        for table, names in HAPPENED.items()
        for name in names
        if table in tables and name in tables[table]
    }
    told = pd.concat(list(dated.values())).dropna()
    if told.empty:
        raise UnreadableError(finding("RETURN-YEAR", what="no day on which anything happened"))
    newest = told.max()
    episodes = pd.concat([dated["episodes", name] for name in ("DECOM", "DEC")])
    if what := _fault(told, newest, episodes):
        table, name = next(place for place, days in dated.items() if days.max() == newest)
        line = int(tables[table].loc[dated[table, name] == newest, "line"].iloc[0])
        what = f"the table {table}: {what}"
        raise UnreadableError(
            finding("RETURN-YEAR", line=line, column=name, what=what, expected=_EXPECTED)
        )
    year, ends = _year(newest), date(_year(newest) + 1, 3, 31)
    if ends - newest.date() < timedelta(days=7):
        return Span(date(year, 4, 1), ends)
    return Span(date(year, 4, 1), newest.date(), until=ends)


def _fault(
    told: "pd.Series[pd.Timestamp]", newest: pd.Timestamp, episodes: "pd.Series[pd.Timestamp]"
) -> str:
    """Why the newest of the days that are `told` does not tell the year; "" where it does."""
    last, year = episodes.max(), _year(newest)
    if newest - last > _QUIET and (episodes > last - _A_YEAR).sum() >= _MANY:
        return f"a day in {_named(year)}, and no episode since {_named(_year(last))}"
    if not FIRST <= year <= LAST:
        return f"the newest day of the return lies in {_named(year)}"
    within = (told >= f"{year}-04-01").sum()
    if within < _FEWEST * ((told >= f"{year - 1}-04-01").sum() - within):
        return f"days in {_named(year)}, too few ({within}) for a return of that year"
    return ""


def _year(day: pd.Timestamp) -> int:
    """The calendar year in which the year of a return begins that a day lies in."""
    return day.year - (day.month < 4)


def _named(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"
