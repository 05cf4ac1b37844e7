"""What members asked, and what became of it: `seeds/questions.csv`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from orchestration.packs.meetings import Meeting, read_meetings
from orchestration.packs.narrative import QUESTION, Line
from orchestration.reference.tables import Reference


@dataclass(frozen=True)
class Question:
    """A question that was asked on the day `asked`; `row` is its row in the file. The answer is a
    text with placeholders, empty while there is none."""

    row: int
    asked: date
    text: str
    indicator_id: str
    answer: str
    by_when: date | None
    is_open: bool

    @property
    def line(self) -> Line:
        """The answer as a text that is filled in and checked like all others."""
        return Line(self.row, "", QUESTION, self.indicator_id, self.answer, file="questions.csv")


def read_questions(
    reference: Reference, meeting: Meeting, codes: Collection[str]
) -> tuple[Question, ...]:
    """The questions that a meeting's pack answers, oldest first: those of earlier meetings of the
    council (`codes` are all that it ever had) that are open still, and those that it closes."""
    days = {
        each.meeting_id: each.meeting_date
        for each in read_meetings(reference)
        if each.geography_code in codes and each.meeting_date < meeting.meeting_date
    }
    found = [
        Question(
            row["row"],
            days[row["meeting_id"]],
            row["question"],
            row["indicator_id"] or "",
            row["answer"] or "",
            row["by_when"],
            row["state"] == "open",
        )
        for row in reference.table("questions").rows
        if row["meeting_id"] in days
        and (row["state"] == "open" or row["closed_at"] == meeting.meeting_id)
    ]
    return tuple(sorted(found, key=lambda each: (each.asked, each.row)))
