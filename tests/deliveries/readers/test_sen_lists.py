"""The lists of a SEND inspection: the plans in force on their last day, and no more."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from orchestration.deliveries.readers.formats import recognised
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Reading, Span, UnreadableError
from orchestration.sample_council.returns.sen_lists import HEADERS, write_sen_lists
from tests.deliveries.readers.as_delivered import AS_AT, Figures, accepted, differences, given


def read(file: Path) -> Reading:
    look = look_at(file)
    found = recognised(look) if look else None
    assert found, "nothing knows this file"
    form, part = found
    assert form.name == "sen_lists"
    return form.read({part: [file]})


def test_the_plans_in_force_are_the_councils_own(
    extracts, compiled, whole: Figures, tmp_path
) -> None:
    reading = read(write_sen_lists(extracts, tmp_path / "a.xlsx", AS_AT))
    assert reading.remarks == ()
    assert reading.covers == {"ssd_ehcp_named_plan": Span(date(2026, 3, 1), AS_AT)}
    ours = Figures(compiled, accepted(tmp_path, [reading], extracts)).of(given("sen_lists"))
    assert differences(ours, whole.all).empty
    [month] = ours[ours["period_type"] == "month"]["numerator"]
    assert month > 50


def book(file: Path, *rows: tuple[object, object], sheet: str = "List_1", first: str = "") -> Path:
    issued = HEADERS[1].index("Date initial EHC plan issued")
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        workbook.set_properties({"created": datetime(2026, 4, 2)})
        page = workbook.add_worksheet(sheet)
        page.write_row(0, 0, [first or HEADERS[1][0], *HEADERS[1][1:]])
        for at, (child, day) in enumerate(rows, 1):
            page.write(at, 0, child)
            page.write(at, issued, day)
    return file


def test_rows_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    good = ("SECRET", datetime(2026, 3, 30))
    file = book(tmp_path / "a.xlsx", good, ("SECRET", "soon"), (None, datetime(2026, 3, 2)))
    reading = read(file)
    assert [(each.code, each.line, each.count) for each in reading.remarks] == [
        ("RETURN-CELL", 3, 1),
        ("RETURN-ROW", 3, 2),
    ]
    assert "SECRET" not in "".join(map(str, reading.remarks))
    assert len(reading.tables["ssd_ehcp_named_plan"]) == 1


def test_an_empty_list_has_no_time(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as raised:
        read(book(tmp_path / "a.xlsx"))
    assert raised.value.finding.code == "RETURN-YEAR"


@pytest.mark.parametrize("layout", [{"sheet": "Sheet1"}, {"first": "Child"}])
def test_another_list_is_not_taken_for_it(layout, tmp_path: Path) -> None:
    look = look_at(book(tmp_path / "a.xlsx", ("SECRET", datetime(2026, 3, 30)), **layout))
    assert look and not recognised(look)
