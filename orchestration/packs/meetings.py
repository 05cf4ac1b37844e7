"""The committee's meetings, from `seeds/reference/meetings.csv`, and when their papers are due."""

import csv
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

CLEAR_DAYS = 5
"""Working days between the publication of the papers and the meeting, neither of them counted:
Local Government Act 1972, section 100B(3)."""

INDICATOR_SETS = ("all", "wokingham", "darlington")
STATUSES = ("held", "planned", "postponed")


@dataclass(frozen=True)
class Meeting:
    """A row of the seed; `figures_as_at` empty means the newest month end before papers are due.

    `indicator_set` is `all`, or the set of indicators that goes to that audience.
    """

    meeting_id: str
    geography_code: str
    committee: str
    meeting_date: date
    meeting_status: str
    figures_as_at: date | None
    indicator_set: str
    source: str


def read_meetings(path: Path) -> tuple[list[Meeting], list[str]]:
    """The meetings that can be read, by date, and what is wrong with each other row.

    A bad row is left out and told, so that one slip of the pen stops nobody else's pack.
    """
    meetings: dict[str, Meeting] = {}
    faults = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            try:
                meeting = _meeting(row)
            except ValueError as fault:
                faults.append(f"{path.name}, line {reader.line_num}: {fault}")
                continue
            if meeting.meeting_id in meetings:
                faults.append(f"{path.name}, line {reader.line_num}: meeting_id stands there twice")
            else:
                meetings[meeting.meeting_id] = meeting
    return sorted(meetings.values(), key=lambda each: each.meeting_date), faults


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


def portfolios_in_force(path: Path, geography_code: str, day: date) -> dict[int, str]:
    """Dashboard number to the portfolio that it belongs to on a day, from the seed `portfolios`."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            int(row["dashboard_no"]): row["portfolio"]
            for row in csv.DictReader(lines)
            if row["geography_code"] == geography_code
            and date.fromisoformat(row["valid_from"]) <= day
            and (not row["valid_to"] or day <= date.fromisoformat(row["valid_to"]))
        }


def _meeting(row: dict[str, str]) -> Meeting:
    known = {name: (row.get(name) or "").strip() for name in Meeting.__dataclass_fields__}
    for name in ("meeting_id", "geography_code", "committee", "source"):
        if not known[name]:
            raise ValueError(f"{name} is empty")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", known["meeting_id"]):
        raise ValueError("meeting_id is not made of small letters, digits and hyphens")
    for name, allowed in (("meeting_status", STATUSES), ("indicator_set", INDICATOR_SETS)):
        if known[name] not in allowed:
            raise ValueError(f"{name} is none of {', '.join(allowed)}")
    as_at = _day(known["figures_as_at"], "figures_as_at") if known["figures_as_at"] else None
    meeting_date = _day(known["meeting_date"], "meeting_date")
    if as_at and ((as_at + timedelta(days=1)).day != 1 or as_at > meeting_date):
        raise ValueError("figures_as_at is not a month end before the meeting")
    return Meeting(**{**known, "meeting_date": meeting_date, "figures_as_at": as_at})


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name} is not a date written 2026-03-31") from None


def main() -> None:
    """Print the id of the next meeting, for `make pack`."""
    from orchestration.settings import settings

    found = next_meeting(read_meetings(settings.meetings)[0])
    if found is None:
        raise SystemExit(
            "MEETING-NOT-PLANNED: no meeting is planned: add one to seeds/reference/meetings.csv, "
            "or name one: make pack MEETING=<meeting_id>"
        )
    print(found.meeting_id)


if __name__ == "__main__":
    main()
