"""What members asked, and what became of it: `seeds/questions.csv`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from orchestration.packs.meetings import Meeting, read_meetings
from orchestration.packs.narrative import QUESTION, Line
from orchestration.reference.tables import Reference


@dataclass(frozen=True)
class Question:
    """A question that was asked on the day `asked`. The answer is a text with placeholders, empty
    while there is none; it stands in a `row` of the questions' `file`, or of a form."""

    row: int
    asked: date
    text: str
    indicator_id: str
    answer: str
    by_when: date | None
    is_open: bool
    file: str = "questions.csv"

    @property
    def line(self) -> Line:
        """The answer as a text that is filled in and checked like all others."""
        about = "" if self.file == "questions.csv" else self.text
        return Line(
            self.row, "", QUESTION, self.indicator_id, self.answer, file=self.file, about=about
        )


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


def answered(
    questions: Iterable[Question], returned: Iterable[Line]
) -> tuple[tuple[Question, ...], list[Line]]:
    """The questions with what forms answer in their place, and the rows of forms that answer none
    of them, each as a fault."""
    answers = {line.about: line for line in returned if line.part == QUESTION and not line.fault}
    found = []
    for question in questions:
        line = answers.pop(question.text, None)
        if line is not None:
            question = replace(
                question,
                row=line.number,
                file=line.file,
                answer=line.text or question.answer,
                by_when=line.by_when or question.by_when,
            )
        found.append(question)
    return tuple(found), _of_no_question(list(answers.values()))


def _of_no_question(lines: Sequence[Line]) -> list[Line]:
    told = "column about: not a question of members that this pack answers"
    return [
        replace(line, fault=f"{line.file}, row {line.number}, {told}; leave that column as it was")
        for line in lines
    ]
