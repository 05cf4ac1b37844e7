"""Workbooks that nobody should open as they are, and what a library loses of others."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter

from orchestration.deliveries.readers.reading import UnreadableError
from orchestration.deliveries.readers.workbooks import opening
from orchestration.deliveries.readers.workbooks.cells import code_of, day_from, flag, texts
from orchestration.deliveries.readers.workbooks.opening import Sheet, open_workbook
from tests.deliveries.readers.hostile import changed, replaced

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
ENTITIES = (
    b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
)


def book(file: Path) -> Path:
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet("List 1")
        sheet.write_row(0, 0, ["Child Unique ID", "Date", "Number"])
        sheet.write_row(1, 0, ["SECRET", "01/04/2025", 3])
        sheet.write_formula(2, 1, "=TODAY()", None, "")
        sheet.write_formula(2, 2, '=IF(A3="","",1)', None, "x")
        sheet.write(3, 0, "last")
    return file


def first_sheet(file: Path) -> Sheet:
    with open_workbook(file) as workbook:
        return workbook.sheet(workbook.sheets[0])


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:3000])


def flipped(file: Path) -> None:
    """A byte within the packed sheet."""
    with ZipFile(file) as archive:
        at = archive.getinfo(SHEET).header_offset + len(SHEET) + 60
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(bytes(content))


def of(part: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda file: changed(file, part, change)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_text("Child Unique ID,Date\n1,2\n", encoding="utf-8"),
        lambda file: file.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)),
        cut,
        flipped,
        of("xl/vbaProject.bin", lambda _: b"macro"),
        of(BOOK, lambda _: b""),
        of("xl/_rels/workbook.xml.rels", lambda _: b""),
        of(SHEET, lambda _: b""),
        of(SHEET, lambda _: b"<worksheet><sheetData><row"),
        of(SHEET, lambda _: b"no XML at all"),
        of(SHEET, replaced(b'r="A4"', b'r="ZZ900000"')),
        of(SHEET, replaced(b'r="A4"', b'r="XFD99999"')),
        of(SHEET, replaced(b'r="A4"', b"r='XFD99999'")),
    ],
    ids=[
        "not there",
        "empty",
        "a CSV file",
        "encrypted",
        "cut",
        "a byte changed",
        "macros",
        "no list of sheets",
        "no relations",
        "no sheet",
        "a sheet cut",
        "no XML",
        "a cell far below",
        "a cell far out",
        "the same in other quotes",
    ],
)
def test_it_is_refused_in_one_sentence(spoil, tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx")
    spoil(file)
    with pytest.raises(UnreadableError) as raised:
        first_sheet(file)
    assert raised.value.finding.code == "RETURN-UNREADABLE"
    assert "SECRET" not in str(raised.value)


def test_it_is_refused_when_it_unpacks_to_too_much(tmp_path, monkeypatch) -> None:
    file = book(tmp_path / "a.xlsx")
    changed(file, "xl/media/zeros.bin", lambda _: bytes(2_000_000))
    assert file.stat().st_size < 20_000
    monkeypatch.setattr(opening, "MAX_BYTES", 1_000_000)
    with pytest.raises(UnreadableError):
        first_sheet(file)


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    """The directory of the archive says less than what a part unpacks to."""
    file = book(tmp_path / "a.xlsx")
    changed(file, SHEET, replaced(b"<sheetData>", b"<sheetData>" + b" " * 100_000))
    with ZipFile(file) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    file.write_bytes(file.read_bytes().replace(size, (100).to_bytes(4, "little")))
    with pytest.raises(UnreadableError):
        first_sheet(file)


@pytest.mark.parametrize(
    "change",
    [
        replaced(b"<worksheet", ENTITIES + b"<worksheet"),
        replaced(b"<sheetData>", b"<x>" * 50_000 + b"</x>" * 50_000 + b"<sheetData>"),
        replaced(b"<sheetData>", b"<!-- SECRET --><sheetData>"),
    ],
    ids=["entities", "deep", "a comment"],
)
def test_what_is_strange_but_harmless_is_read_or_refused(change, tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx")
    changed(file, SHEET, change)
    try:
        assert first_sheet(file).rows[1] == ["SECRET", "01/04/2025", 3.0]
    except UnreadableError as error:
        assert error.finding.code == "RETURN-UNREADABLE"


def test_what_reads_as_empty_and_is_not_is_known_by_its_place(tmp_path: Path) -> None:
    """An error, and a formula that was never worked out; one that gives no text is just empty."""
    file = book(tmp_path / "a.xlsx")
    changed(file, SHEET, replaced(b'<c r="C2"><v>3</v>', b'<c r="C2" s="0" t="e"><v>#N/A</v>'))
    text = b'<c r="C3" t="str"><f>IF(A3="","",1)</f><v></v>'
    changed(file, SHEET, lambda part: part.replace(text.replace(b"<v></v>", b"<v>x</v>"), text))
    sheet = first_sheet(file)
    assert sheet.rows[1:3] == [["SECRET", "01/04/2025", ""], ["", "", ""]]
    assert sheet.lost == {(1, 2), (2, 1)}


def test_the_days_of_a_workbook_of_1904_are_its_own(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True}) as workbook:
        workbook.add_worksheet().write_number(0, 0, 40_568)
    with open_workbook(tmp_path / "a.xlsx") as workbook:
        assert day_from(workbook.first_day)(40_568.0) == "2015-01-26"


DAY = day_from(date(1899, 12, 30))


@pytest.mark.parametrize(
    ("reads", "cell", "expected"),
    [
        (DAY, "", ""),
        (DAY, "  ", ""),
        (DAY, "29/02/2024", "2024-02-29"),
        (DAY, "29/02/2025", None),
        (DAY, "1.3.2024", "2024-03-01"),
        (DAY, "1 March 2024", "2024-03-01"),
        (DAY, "01/03/24", None),
        (DAY, "01/03/2024 14:30", "2024-03-01"),
        (DAY, 45_000.5, "2023-03-15"),
        (DAY, True, None),
        (DAY, "#N/A", None),
        (flag, "a) Yes", "Y"),
        (flag, " b)  No ", "N"),
        (flag, False, "N"),
        (flag, "c) Unknown", ""),
        (code_of(["6", "5D"], {}), "p1) 5D: LA services", "5D"),
        (code_of(["6", "5D"], {}), 6.0, "6"),
        (code_of(["B", "W"], {}), "(W) Bed and breakfast", "W"),
        (code_of(["B", "W"], {}), "Bed and breakfast", "Bed and breakfast"),
        (code_of(["B", "W"], {}), "b) Community home", "b) Community home"),
        (code_of(["B", "W"], {}), "b) W: Bed and breakfast", "W"),
        (code_of(["B", "W"], {}), "B/B", "B/B"),
        (code_of(["M", "F"], {"1": "M"}), "1 - Male", "M"),
        (code_of(["C1"], {}), "CLA - C1 - Interim care order", "C1"),
        (code_of(["1"], {"suitable": "1"}), "a) Suitable", "1"),
    ],
)
def test_a_cell_becomes_text_of_the_contract(reads, cell, expected) -> None:
    column, unread = texts([cell], reads)
    assert (None if unread[0] else column[0]) == expected
