"""The form goes out with what is due, and comes back however a spreadsheet saved it."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from orchestration.disclosure.publishable import hidden_figures, publishable
from orchestration.packs.forms import due_texts, form
from orchestration.packs.issue import Parts
from orchestration.packs.narrative import QUESTION, Line, narrative
from orchestration.packs.questions import Question, answered
from orchestration.packs.returned_forms import read_returned, together
from orchestration.packs.working import WORKING, look, template_for
from tests.packs.conftest import MEETING, line

HEADS = ("Part", "Indicator id", "Text", "Author", "By when", "Confirmed by")
ROWS = (
    ("indicator", "cl_neet_pct", "“{figure}” – of them, most in a café", "A. Manager", None, ""),
    ("indicator", "cic_count", "", "", None, ""),
    ("financial", "", "£20,000; for six weeks", "", date(2026, 7, 31), ""),
)


def as_csv(coding: str, delimiter: str) -> Callable[[Path], None]:
    def save(path: Path) -> None:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(HEADS)
        for row in ROWS:
            writer.writerow(
                [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row]
            )
        path.write_bytes(text.getvalue().encode(coding))

    return save


def as_workbook(day: object) -> Callable[[Path], None]:
    def save(path: Path) -> None:
        book = Workbook()
        book.active.title = "Notes"
        sheet = book.create_sheet("Texts")
        sheet.append(["Sent to A. Manager"])  # somebody has put a line above the headings
        sheet.append(HEADS)
        for row in ROWS:
            sheet.append([day if isinstance(cell, date) else cell for cell in row])
        book.save(path)

    return save


@pytest.mark.parametrize(
    ("name", "save"),
    [
        ("texts.csv", as_csv("utf-8", ",")),
        ("texts.csv", as_csv("utf-8-sig", ",")),
        ("Copy of texts.CSV", as_csv("utf-8-sig", ";")),
        ("texts.csv", as_csv("cp1252", ";")),
        ("texts.csv", as_csv("cp1252", ",")),
        ("texts.csv", as_csv("utf-16", "\t")),
        ("texts.xlsx", as_workbook(datetime(2026, 7, 31))),
        ("my texts (2).xlsx", as_workbook("31/07/2026")),
        ("texts.xlsx", as_workbook(46234)),  # Excel's own number of that day
    ],
)
def test_a_form_is_read_however_it_was_saved(
    tmp_path: Path, name: str, save: Callable[[Path], None]
) -> None:
    save(tmp_path / name)
    (tmp_path / "~$texts.xlsx").write_bytes(b"Excel has it open")
    (tmp_path / "covering.docx").write_bytes(b"hers")
    found = read_returned(tmp_path, "m")
    assert [each.fault for each in found] == ["", ""]
    first, second = found
    assert (first.part, first.indicator_id, first.author) == (
        *("indicator", "cl_neet_pct", "A. Manager"),
    )
    assert first.text == ROWS[0][2] and first.file == f"working/{name}"
    assert (second.text, second.by_when) == (ROWS[2][2], date(2026, 7, 31))


def test_every_fault_names_file_row_and_column_and_no_cell(tmp_path: Path) -> None:
    (tmp_path / "texts.csv").write_text(
        "part,indicator_id,text,by_when\nindicator,A B,secret,soon\n"
    )
    (tmp_path / "texts b.csv").write_text("part,text\nindicator,secret\n")
    (tmp_path / "texts c.xlsx").write_bytes(b"no workbook: secret")
    book = Workbook()
    book.active.append(["anything", "secret"])
    book.save(tmp_path / "texts d.xlsx")
    faults = [each.fault for each in read_returned(tmp_path, "m")]
    assert len(faults) == 4 and all(faults)
    assert not [fault for fault in faults if "secret" in fault or "soon" in fault]
    assert [fault.split(" | ")[:3] for fault in faults] == [
        ["REFERENCE-COLUMNS", "working/texts b.csv", "row 1, column indicator_id"],
        ["REFERENCE-UNREADABLE", "working/texts c.xlsx", "-"],
        ["REFERENCE-COLUMNS", "working/texts d.xlsx", "row 1"],
        ["REFERENCE-TYPE", "working/texts.csv", "row 2, column by_when"],
    ]


def test_two_forms_that_differ_are_told_and_two_that_agree_are_one(tmp_path: Path) -> None:
    head = "part,indicator_id,text\n"
    (tmp_path / "texts a.csv").write_text(f"{head}indicator,cic_count,one thing\n")
    (tmp_path / "texts b.csv").write_text(f"{head}indicator,cic_count,one thing\n")
    assert not [each.fault for each in read_returned(tmp_path, "m") if each.fault]
    (tmp_path / "texts b.csv").write_text(f"{head}indicator,cic_count,another\n")
    [fault] = [each.fault for each in read_returned(tmp_path, "m") if each.fault]
    assert (
        "working/texts b.csv | row 2, column text | not the same as in working/texts a.csv" in fault
    )


def test_a_form_stands_in_place_of_the_file_and_an_old_confirmation_falls_with_the_text() -> None:
    kept = line(2, indicator_id="cic_count", text="old", confirmed_by="A. Director", lead="Head")
    other = line(3, part="financial", text="N/A")
    new = Line(5, MEETING.meeting_id, "indicator", "cic_count", "new", file="working/texts.xlsx")
    first, second = together([kept, other], [new])
    assert (first.text, first.confirmed_by, first.lead) == ("new", "", "Head")
    assert (first.file, first.number, second) == ("working/texts.xlsx", 5, other)
    confirms = replace(new, text="", confirmed_by="B. Director")
    [only] = together([replace(kept, confirmed_by="")], [confirms])
    assert (only.text, only.confirmed_by) == ("old", "B. Director")


def test_the_form_has_a_row_for_each_text_that_is_due(parts: Parts, tmp_path: Path) -> None:
    public = publishable(parts.edition, hidden_figures(parts.edition.rows).places)
    before = [line(8, indicator_id="cl_neet_pct", text="Last time: {figure}.", author="C. Head")]
    lines = [each for each in parts.lines if each.indicator_id != "cl_neet_pct"]
    parts = replace(parts, lines=lines, before=before)
    due = due_texts(public, lines, before, parts.portfolios)
    assert [(each.indicator_id, each.is_there) for each in due] == [
        ("cl_neet_pct", False),
        ("sw_turnover_12m_pct", True),
        ("cl_suitable_accommodation_pct", True),
        ("permanent_exclusion_rate_pct", True),
    ]
    assert (due[0].asked, due[0].last_text) == ("C. Head", "Last time: {figure}.")
    assert "Children and Young People" in due[1].asked
    written = form(due, parts)
    assert written == form(due, parts)
    book = load_workbook(io.BytesIO(written))
    rows = [
        dict(zip([c.value for c in book["Texts"][1]], r, strict=True)) for r in book["Texts"].values
    ]
    neet = rows[1]
    assert neet["Indicator id"] == "cl_neet_pct" and neet["Text"] is None
    assert "23.1%" in neet["Figures"] and neet["Due"] == datetime(2019, 10, 28)
    assert {row["Part"] for row in rows[1:]} >= {"indicator", "financial", "contact_name"}
    told = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    assert "97 of 100" not in told and "[c]" in told and "{part.<name>}" in told
    # sent out and put back as it is, it says nothing
    (tmp_path / "texts.xlsx").write_bytes(written)
    assert read_returned(tmp_path, "m") == []


def test_a_template_of_her_own_carries_over_to_the_next_meeting(tmp_path: Path) -> None:
    later = replace(MEETING, meeting_id="later", meeting_date=date(2019, 12, 10))
    elsewhere = replace(MEETING, meeting_id="elsewhere", geography_code="E06000041")
    shared = tmp_path / "shared.docx"
    meetings = (MEETING, later, elsewhere)
    assert template_for(later, meetings, tmp_path, shared) == shared
    own = tmp_path / MEETING.meeting_id / WORKING / "template.docx"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"hers")
    assert template_for(later, meetings, tmp_path, shared) == own
    assert template_for(elsewhere, meetings, tmp_path, shared) == shared


def test_a_form_is_looked_at_once_it_has_stayed_the_same(tmp_path: Path) -> None:
    working = tmp_path / "m" / WORKING
    working.mkdir(parents=True)
    changed, cursor = look(tmp_path, ["m", "n"], "")
    assert changed == {}
    (working / "texts.csv").write_text("a")
    (working / "2026_covering_report.docx").write_text("a")
    changed, cursor = look(tmp_path, ["m", "n"], cursor)
    assert changed == {}
    (working / "texts.csv").write_text("ab")
    changed, cursor = look(tmp_path, ["m", "n"], cursor)
    assert changed == {}
    changed, cursor = look(tmp_path, ["m", "n"], cursor)
    assert list(changed) == ["m"]
    (working / "2026_covering_report.docx").write_text("edited")
    assert look(tmp_path, ["m", "n"], cursor)[0] == {}


ASKED = Question(4, date(2019, 7, 1), "How many are in care?", "cic_count", "", None, True)
SETTLED = replace(ASKED, row=5, text="Will there be whole years?", indicator_id="", is_open=False)


def test_a_question_goes_out_with_the_form_and_its_answer_comes_back(
    parts: Parts, tmp_path: Path
) -> None:
    written = form([], replace(parts, questions=(ASKED, SETTLED)))
    book = load_workbook(io.BytesIO(written))
    sheet = book["Texts"]
    heads = [cell.value for cell in sheet[1]]
    [row] = [row for row in sheet.iter_rows(min_row=2) if row[0].value == QUESTION]
    assert row[heads.index("About")].value == ASKED.text
    row[heads.index("Text")].value = "{figure} in {period}."
    row[heads.index("By when")].value = datetime(2019, 12, 31)
    book.save(tmp_path / "texts.xlsx")
    returned = read_returned(tmp_path, "m")
    [now, same], strays = answered((ASKED, SETTLED), returned)
    assert (now.answer, now.by_when) == ("{figure} in {period}.", date(2019, 12, 31))
    assert (same, strays) == (SETTLED, [])
    told = narrative([], parts.edition, {}, [now.line, same.line])
    assert told.answers[now.file, now.row].startswith("255 in ") and not told.faults
    # what is wrong in it is told where it stands
    wrong = replace(now, answer="{no_such.figure}")
    [fault] = narrative([], parts.edition, {}, [wrong.line]).faults
    assert fault.startswith(f"working/texts.xlsx, row {row[0].row}, column text: ")


def test_an_answer_to_no_question_is_a_fault_and_says_so_without_the_text() -> None:
    stray = Line(7, "m", QUESTION, text="secret", file="working/texts.csv", about="another secret")
    questions, [fault] = answered((ASKED,), [stray])
    assert questions == (ASKED,)
    assert fault.fault.startswith("working/texts.csv, row 7, column about: not a question")
    assert "secret" not in fault.fault


def test_two_forms_may_answer_two_questions(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"texts {number}.csv").write_text(
            f"part,indicator_id,about,text\nquestion,,Question {number}?,Answer {number}\n"
        )
    lines = read_returned(tmp_path, "m")
    assert [(each.about, each.text) for each in lines] == [
        ("Question 1?", "Answer 1"),
        ("Question 2?", "Answer 2"),
    ]
    assert not any(each.fault for each in lines)
