"""The workbook is what a spreadsheet program can reckon with, and tells nothing that is hidden."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.editions.figures import Figure, figures_of
from orchestration.packs.issue import Made, Parts, make_pack
from orchestration.packs.pack import Pack
from orchestration.packs.workbook import SERIES, workbook

SIGNS = {"[c]", "[x]", "[z]"}


@pytest.fixture
def made(parts: Parts) -> Made:
    return make_pack(parts, [], 1, "")


@pytest.fixture
def book(made: Made, tmp_path: Path) -> Path:
    path = tmp_path / "figures.xlsx"
    path.write_bytes(workbook(made.public, made.public_edition))
    return path


def table(path: Path, sheet: str) -> pandas.DataFrame:
    """The marked-up table of a sheet, as a reader who knows nothing else would load it."""
    opened = load_workbook(path)[sheet]
    [found] = opened.tables.values()
    rows = [[cell.value for cell in line] for line in opened[found.ref]]
    return pandas.DataFrame(rows[1:], columns=rows[0])


def test_it_follows_the_guidance_for_accessible_tables(book: Path, made: Made) -> None:
    opened = load_workbook(book)
    assert opened.properties.title == made.public.title
    assert opened.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    for sheet in opened.worksheets[1:]:
        assert len(sheet.tables) == 1
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert not sheet._images
        assert sheet["A1"].value
        [found] = sheet.tables.values()
        assert found.ref.startswith("A")
        assert found.autoFilter is None
        for line in sheet[found.ref]:
            assert all(cell.value not in (None, "") for cell in line), sheet.title
    assert list(table(book, "Contents")["Sheet"]) == opened.sheetnames[2:]


def test_numbers_are_numbers_and_periods_are_days_beside_their_name(book: Path) -> None:
    for sheet in ("Latest", *(each for each in SERIES if each in load_workbook(book).sheetnames)):
        found = table(book, sheet)
        for column in ("Figure", "Numerator", "Denominator"):
            assert {each for each in found[column] if isinstance(each, str)} <= SIGNS
            assert any(isinstance(each, int | float) for each in found[column])
        for column in ("First day", "Last day"):
            days = [each for each in found[column] if each != "[x]"]
            assert days and all(isinstance(each, datetime) for each in days)
    latest = table(book, "Latest").set_index("Indicator")
    row = latest.loc["Assessments completed within 45 working days"]
    assert (row["Figure"], row["Numerator"], row["Denominator"]) == (92.6, 88, 95)
    assert (row["First day"].date(), row["Last day"].date()) == (
        date(2019, 7, 1),
        date(2019, 9, 30),
    )
    assert row["Period"] == "July to September 2019 (Quarter 2 2019/20)"


def test_pandas_reads_a_sheet_below_its_heading(book: Path) -> None:
    opened = load_workbook(book)["Latest"]
    [found] = opened.tables.values()
    first = int(found.ref.split(":")[0][1:])
    read = pandas.read_excel(
        book, sheet_name="Latest", skiprows=first - 1, na_values=sorted(SIGNS), engine="openpyxl"
    )
    assert read["Figure"].dtype == float
    assert read["Last day"].dtype.kind == "M"
    assert len(read) == len(table(book, "Latest"))


def test_every_figure_of_a_length_stands_in_its_sheet(book: Path, made: Made) -> None:
    sheets = load_workbook(book).sheetnames
    for sheet, (_, kinds) in SERIES.items():
        expected = sum(
            not place[0] and figure.period_type in kinds
            for row in made.public_edition.rows
            for place, figure in figures_of(row).items()
        )
        assert (len(table(book, sheet)) if sheet in sheets else 0) == expected
    assert {"Months", "Quarters", "Years"} <= set(sheets)


def test_nothing_hidden_is_anywhere_in_the_file(book: Path, made: Made, parts: Parts) -> None:
    """Cells, comments, hidden sheets, rows and columns, names, properties: the whole of the XML."""
    opened = load_workbook(book)
    for sheet in opened.worksheets:
        assert sheet.sheet_state == "visible"
        assert not any(each.hidden for each in sheet.row_dimensions.values())
        assert not any(each.hidden for each in sheet.column_dimensions.values())
        assert not [cell for line in sheet for cell in line if cell.comment]
    assert not list(opened.defined_names)
    hidden = {
        (row.indicator_id, place): figure
        for row in parts.edition.rows
        for place, figure in figures_of(row).items()
        if place in made.hiding.places.get(row.indicator_id, ())
    }
    assert hidden
    # the same workbook comes out whatever the hidden numbers are
    changed = {key: _other(figure) for key, figure in hidden.items()}
    rows = tuple(
        replace(row, headline=changed.get((row.indicator_id, _place(row.headline)), row.headline))
        if row.headline
        else row
        for row in parts.edition.rows
    )
    again = make_pack(replace(parts, edition=replace(parts.edition, rows=rows)), [], 1, "")
    assert again.restricted != made.restricted
    first, second = (_parts(workbook(each.public, each.public_edition)) for each in (made, again))
    assert first == second
    assert {name for name in first if "comment" in name or "customXml" in name} == set()


def _other(figure: Figure) -> Figure:
    if figure.numerator is None:
        return figure
    return replace(figure, numerator=figure.numerator + 1, value=figure.value)


def _place(figure: Figure) -> tuple[str, str, str, date]:
    return "", "", figure.period_type, figure.period_end


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_a_text_that_begins_like_a_formula_stays_a_text(made: Made) -> None:
    shown: Pack = replace(made.public, council="=1+1")
    opened = load_workbook(io.BytesIO(workbook(shown, made.public_edition)))
    cells: list[Worksheet] = [cell for sheet in opened for line in sheet for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
