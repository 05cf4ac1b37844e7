"""When the papers of a meeting are due, and how old their figures will be."""

from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.deliveries.sources.landing import DUE_DAY
from orchestration.editions import words
from orchestration.packs.meetings import Meeting, papers_due
from orchestration.reference.calendar import read_bank_holidays
from orchestration.settings import Settings

STARTED_BEFORE = timedelta(days=7)
"""A pack is made a week before its papers are due: time to write what is missing."""


@dataclass(frozen=True)
class Papers:
    """`is_time`: the pack can be made now; `as_at` is the month end that its figures go to."""

    due: date
    as_at: date
    is_time: bool
    text: str


def newest_closed_by(papers_due: date) -> date:
    """The newest month end whose figures can be in papers that are due that day: data come on the
    third of the month after."""
    return (papers_due - timedelta(days=DUE_DAY - 1)).replace(day=1) - timedelta(days=1)


def papers_of(meeting: Meeting, settings: Settings, today: date, accepted: str) -> Papers:
    """When papers are due, to which month end their figures go, and whether to start.

    `accepted` is the newest month (YYYY-MM) of which a delivery was accepted: a pack waits for that
    of its own month until the day on which papers are due.
    """
    due = papers_due(meeting.meeting_date, read_bank_holidays(settings.reference))
    as_at = meeting.figures_as_at or newest_closed_by(due)
    days = (meeting.meeting_date - as_at).days
    delivered = (as_at + timedelta(days=1)).replace(day=DUE_DAY)
    text = (
        f"Papers of {meeting.meeting_id} are due by {words.day(due)}; figures as at "
        f"{words.day(as_at)}, delivered by {words.day(delivered)}, will be {days} days old at the "
        "meeting."
    )
    folder = settings.pack_folder(meeting.meeting_id)
    is_made = any(folder.glob("issue-*/manifest.json"))
    if is_made:
        text += " The pack has been published."
    elif (folder / "draft" / "manifest.json").exists():
        text += " A draft of it waits for approval."
    has_data = accepted >= f"{as_at:%Y-%m}"
    if not has_data:
        text += " That delivery has not been accepted yet."
    is_time = not is_made and today >= (due - STARTED_BEFORE if has_data else due)
    return Papers(due, as_at, is_time, text)
