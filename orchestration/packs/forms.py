"""`texts.xlsx`: the texts that are due for a meeting, a row each, for those who are to write them.

It shows of each figure what the public may read, so that it can be sent around.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from orchestration.editions import words
from orchestration.editions.figures import Edition, Indicator
from orchestration.packs.narrative import PARTS, QUESTION, Line, to_explain
from orchestration.packs.placeholders import NAMES

if TYPE_CHECKING:
    from orchestration.packs.issue import Parts

FORM = "texts.xlsx"
_COLUMNS: Mapping[str, int] = {
    **{"Part": 18, "Indicator id": 34, "About": 44, "Figures": 50, "Last time": 50},
    **{"Stands there now": 50, "Who is asked": 28, "Due": 14},
    **{"Text": 70, "Author": 24, "Waived reason": 30, "Action": 50, "Lead": 28, "By when": 14},
    **{"Expected": 18, "Confirmed by": 24},
}
"""Heading and width. What is to be filled in begins with Text; the rest is for reading."""
_HELP = (
    "Fill in the columns from Text on; leave a row empty where nothing is to be said anew.",
    "Save the file into the folder `working` of this meeting, or give it back to the clerk. "
    "Several people can fill in a file each.",
    "Write no figures into a text: write a placeholder, and the figure is put in. Those that there "
    "are: {placeholders}. Of another indicator: {{cic_count.figure}}.",
    "A row with the part question is what members asked: the text is the answer, and by when the "
    "day by which more comes. Leave About as it is, as it says which question is answered.",
    "Waived reason: why there is no text, where one is asked for.",
    "Action, Lead, By when and Expected belong to an area for improvement: what is done, by which "
    "role, by which day, and the figure that is expected by then.",
    "Confirmed by: who approves the pack puts the own name here where the draft says that a text "
    "has numbers beside hidden figures.",
)


@dataclass(frozen=True)
class Due:
    """A text that is due: what it is about, the figures, what was said last time, what stands there
    now, and who is asked. `is_there` where it has been written or waived."""

    part: str
    indicator_id: str
    about: str
    figures: str
    last_text: str
    text: str
    asked: str
    is_there: bool


def due_texts(
    edition: Edition,
    lines: Sequence[Line],
    before: Sequence[Line],
    portfolios: Mapping[int, str],
) -> list[Due]:
    """The texts that members ask for. `lines` are those of this meeting, `before` those of earlier
    ones, newest first."""
    rows = {row.indicator_id: row for row in edition.rows}
    now = _by_place(lines)
    then = _by_place(before)
    due = []
    for ids, about in to_explain(edition):
        written = [now[("indicator", each)] for each in ids if ("indicator", each) in now]
        last = [then[("indicator", each)] for each in ids if ("indicator", each) in then]
        row = rows[next(each for each in ids if each in rows)]
        authors = [each.lead or each.author for each in (*written, *last)]
        service = portfolios.get(row.dashboard_no, "no portfolio on record")
        asked = next(
            filter(None, authors), f"the service of dashboard {row.dashboard_no}: {service}"
        )
        due.append(
            Due(
                "indicator",
                written[0].indicator_id if written else row.indicator_id,
                words.capital(about),
                _figures(row),
                last[0].text if last else "",
                written[0].text or written[0].waived_reason if written else "",
                asked,
                bool(written),
            )
        )
    return due


def _by_place(lines: Sequence[Line]) -> dict[tuple[str, str], Line]:
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        if not line.fault and (line.text or line.waived_reason):
            found.setdefault((line.part, line.indicator_id), line)
    return found


def _figures(row: Indicator) -> str:
    if row.headline is None:
        return words.NO_FIGURE
    target = "no target" if row.target is None else f"target {words.trimmed(row.target, row.unit)}"
    figure = words.figure(row.value, row, row.headline)
    told = f"{words.period(row.headline)}: {figure}, {target}"
    before = row.year_ago.figure
    if before is None:
        return told
    return f"{told}; a year before: {words.figure(row.year_ago.value, row, before)}"


def form(due: Sequence[Due], parts: "Parts") -> bytes:
    """The form as XLSX: a sheet to fill in, then how to. The same texts give the same bytes."""
    from xlsxwriter.workbook import Workbook

    now, then = _by_place(parts.lines), _by_place(parts.before)
    rows = [
        [
            *(each.part, each.indicator_id, each.about, each.figures, each.last_text, each.text),
            *(each.asked, parts.papers_due),
        ]
        for each in due
    ]
    for question in parts.questions:
        if question.is_open:
            asked = (QUESTION, question.indicator_id, question.text, "", "", question.answer, "")
            rows.append([*asked, question.by_when or parts.papers_due])
    for part, default in PARTS.items():
        line, last = now.get((part, "")), then.get((part, ""))
        about = f"Covering report: {part.replace('_', ' ')}"
        said = line.text if line else default
        rows.append([part, "", about, "", last.text if last else "", said, "", parts.papers_due])
    written = io.BytesIO()
    book = Workbook(written, {"in_memory": True})
    title = f"Texts for the {parts.meeting.committee}, {words.day(parts.meeting.meeting_date)}"
    book.set_properties({"title": title, "created": datetime(2020, 1, 1)})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    day = book.add_format({"num_format": "d mmm yyyy", "align": "left", "valign": "top"})
    sheet = book.add_worksheet("Texts")
    for column, (name, width) in enumerate(_COLUMNS.items()):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, width, day if name == "By when" else text)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, day if isinstance(cell, date) else text)
    guide = book.add_worksheet("How to fill it in")
    guide.set_column(0, 0, 110, text)
    placeholders = ", ".join(f"{{{name}}}" for name in NAMES)
    for number, line_of_help in enumerate((title, *_HELP)):
        guide.write_string(number, 0, line_of_help.format(placeholders=placeholders), text)
    book.close()
    return written.getvalue()


def _write(sheet: Any, row: int, column: int, cell: str | date, shape: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), shape)
    else:
        sheet.write_string(row, column, cell, shape)
