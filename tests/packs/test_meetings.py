"""When papers are due, and what is read of the seed."""

from datetime import date

import pytest

from orchestration.packs.meetings import (
    next_meeting,
    papers_due,
    portfolios_in_force,
    read_meetings,
)
from orchestration.packs.timetable import newest_closed_by
from orchestration.reference.tables import Reference
from orchestration.settings import settings

HEAD = (
    "meeting_id,geography_code,committee,meeting_date,meeting_status,figures_as_at,"
    "indicator_set,source\n"
)
EASTER = {date(2026, 4, 3), date(2026, 4, 6)}


@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        (date(2026, 4, 21), date(2026, 4, 13)),  # a Tuesday: Mon, Fri, Thu, Wed, Tue are clear
        (date(2026, 4, 17), date(2026, 4, 9)),
        (date(2026, 4, 13), date(2026, 4, 1)),  # Friday to Tuesday, without Easter
        (date(2026, 4, 19), date(2026, 4, 10)),  # a Sunday
    ],
)
def test_five_clear_working_days_lie_between_papers_and_meeting(meeting: date, due: date) -> None:
    assert papers_due(meeting, EASTER) == due


def test_the_newest_month_that_can_be_in_the_papers() -> None:
    assert newest_closed_by(date(2026, 4, 13)) == date(2026, 3, 31)
    assert newest_closed_by(date(2026, 4, 3)) == date(2026, 3, 31)  # data come that day
    assert newest_closed_by(date(2026, 4, 2)) == date(2026, 2, 28)


def test_a_bad_row_is_left_out_and_told_and_the_others_stay(reference: Reference) -> None:
    (reference.seeds / "reference" / "meetings.csv").write_text(
        HEAD
        + "b-2026-06-16,E06000041,Committee,2026-06-16,planned,,all,x\n"
        + "bad,E06000041,Committee,2026/06/16,planned,,all,x\n"
        + "Bad Id,E06000041,Committee,2026-06-16,planned,,all,x\n"
        + "worse,E06000041,Committee,2026-06-16,soon,,all,x\n"
        + "set,E06000041,Committee,2026-06-16,planned,,everything,x\n"
        + "mid-month,E06000041,Committee,2026-06-16,planned,2026-05-15,all,x\n"
        + "b-2026-06-16,E06000041,Committee,2026-06-16,planned,,all,x\n"
        + "a-2026-05-19,E06000041,Committee,2026-05-19,held,2026-03-31,all,x\n"
    )
    meetings = read_meetings(reference)
    assert [each.meeting_id for each in meetings] == ["a-2026-05-19", "b-2026-06-16"]
    assert sorted((fault.row, fault.column) for fault in reference.table("meetings").faults) == [
        (3, "meeting_date"),
        (4, "meeting_id"),
        (5, "meeting_status"),
        (6, "indicator_set"),
        (7, "figures_as_at"),
        (8, "meeting_id"),
    ]
    found = next_meeting(meetings)
    assert found is not None and found.meeting_id == "b-2026-06-16"
    assert next_meeting(meetings[:1]) is None


def test_every_meeting_of_the_seed_can_be_read() -> None:
    reference = settings.reference
    meetings = read_meetings(reference)
    assert reference.table("meetings").faults == ()
    assert {each.meeting_id for each in meetings} >= {
        "wokingham-2019-06-18",
        "sample-borough-2026-04-21",
    }


def test_the_portfolio_is_that_of_the_day() -> None:
    reference = settings.reference
    assert portfolios_in_force(reference, "E06000005", date(2019, 12, 4)) == {}
    assert portfolios_in_force(reference, "E06000005", date(2019, 12, 5))[8]
