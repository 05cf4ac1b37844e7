"""The committee's meetings, from `seeds/reference/meetings.csv`, and when their papers are due."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.reference.tables import Reference

CLEAR_DAYS = 5
"""Working days between the publication of the papers and the meeting, neither of them counted:
Local Government Act 1972, section 100B(3)."""


@dataclass(frozen=True)
class Meeting:
    """A row of the seed; `figures_as_at` empty means the newest month end before papers are due.

    `item` is its number on the agenda, where that is known. `indicator_set` is `all`, or the set of
    indicators that goes to that audience.
    """

    meeting_id: str
    geography_code: str
    committee: str
    item: str | None
    meeting_date: date
    meeting_status: str
    figures_as_at: date | None
    indicator_set: str
    source: str


def read_meetings(reference: Reference) -> list[Meeting]:
    """The meetings that can be read, by date: one slip of the pen stops nobody else's pack."""
    names = Meeting.__dataclass_fields__
    rows = reference.table("meetings").rows
    meetings = [Meeting(**{name: row[name] for name in names}) for row in rows]
    return sorted(meetings, key=lambda each: each.meeting_date)


def papers_due(meeting_day: date, holidays: Collection[date]) -> date:
    """The last day on which papers can come out: five clear working days lie before the meeting."""
    day, clear = meeting_day, 0
    while True:
        day -= timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            if clear == CLEAR_DAYS:
                return day
            clear += 1


def next_meeting(meetings: Iterable[Meeting]) -> Meeting | None:
    """The first meeting that is still planned; the clerk marks it as held when it was."""
    planned = [each for each in meetings if each.meeting_status == "planned"]
    return min(planned, key=lambda each: each.meeting_date, default=None)


def portfolios_in_force(reference: Reference, geography_code: str, day: date) -> dict[int, str]:
    """Dashboard number to the portfolio that it belongs to on a day."""
    return {
        row["dashboard_no"]: row["portfolio"]
        for row in reference.table("portfolios").rows
        if row["geography_code"] == geography_code
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day <= row["valid_to"])
    }
