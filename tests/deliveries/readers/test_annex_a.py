"""Annex A: the council's own figures come back from its lists, and bad lists are explained."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from orchestration.catalogue.indicators import read_catalogue
from orchestration.deliveries.readers.annex_a import FORMAT
from orchestration.deliveries.readers.reading import Look, Reading, UnreadableError
from orchestration.sample_council.returns.annex_a import annex_a, write_annex_a
from orchestration.sample_council.returns.annex_a_labels import HEADERS
from orchestration.settings import settings
from tests.deliveries.readers.as_delivered import AS_AT, Figures, accepted, differences, given
from tests.deliveries.readers.hostile import changed, replaced

Row = Mapping[str, Any]
Lists = dict[int, list[Row]]


def read(file: Path) -> Reading:
    return FORMAT.read({"workbook": [file]})


def look(file: Path, *sheets: str) -> Look:
    return Look(file, b"PK", "", (), sheets)


# The council


def test_every_figure_that_it_gives_is_the_councils_own(
    extracts, compiled, whole: Figures, tmp_path: Path
) -> None:
    reading = read(write_annex_a(annex_a(extracts, AS_AT), tmp_path / "a.xlsx", AS_AT))
    assert reading.remarks == ()
    ours = Figures(compiled, accepted(tmp_path, [reading], extracts))
    gives = given("annex_a")
    assert differences(ours.of(gives), whole.all).empty
    # those that look back further than the workbook find in each row what they look for
    own, back = whole.months(gives), ours.months(gives)
    catalogue = read_catalogue(settings.seeds)
    for indicator in gives:
        spans = [reading.covers.get(need.split()[0]) for need in catalogue[indicator].needs]
        first = max(span.data_from for span in spans if span and span.data_from)
        told = {key for key in own | back if key[0] == indicator and key[1].replace(day=1) >= first}
        for key in told | {(indicator, AS_AT)}:
            assert back.get(key) == own.get(key), key


def test_at_an_earlier_day_it_says_what_was_so_then(
    extracts, compiled, whole: Figures, tmp_path: Path
) -> None:
    """But for care leavers, whom the council's delivery knows as at its own day alone."""
    day = date(2025, 12, 31)
    reading = read(write_annex_a(annex_a(extracts, day), tmp_path / "a.xlsx", day))
    gives = [indicator for indicator in given("annex_a") if not indicator.startswith("cl_")]
    own = whole.months(gives)
    back = Figures(compiled, accepted(tmp_path, [reading], extracts)).months(gives)
    assert {key: back.get(key) for key in own if key[1] == day} == {
        key: figure for key, figure in own.items() if key[1] == day
    }


def test_days_as_text_and_the_layout_before_2024_say_the_same(extracts, tmp_path: Path) -> None:
    lists = annex_a(extracts, AS_AT)
    now = read(write_annex_a(lists, tmp_path / "now.xlsx", AS_AT))
    then = read(write_annex_a(lists, tmp_path / "then.xlsx", AS_AT, year=2021, text_days=True))
    assert then.covers == now.covers
    for extract, rows in now.tables.items():
        known = rows.drop(columns="clea_care_leaver_latest_contact", errors="ignore")
        assert known.equals(then.tables[extract]), extract


def test_twelve_months_are_taken_for_twelve(extracts, tmp_path: Path) -> None:
    reading = read(write_annex_a(annex_a(extracts, AS_AT, months=12), tmp_path / "a.xlsx", AS_AT))
    assert reading.covers["ssd_cin_episodes"].data_from == date(2025, 4, 1)
    assert reading.covers["ssd_cp_visits"].data_from == date(2026, 3, 1)


def test_the_same_episode_has_the_same_number_in_the_next_workbook(extracts, tmp_path) -> None:
    earlier = read(
        write_annex_a(annex_a(extracts, date(2026, 2, 28)), tmp_path / "e.xlsx", date(2026, 2, 28))
    )
    later = read(write_annex_a(annex_a(extracts, AS_AT), tmp_path / "l.xlsx", AS_AT))
    assert earlier.covers["ssd_cla_episodes"].as_at == date(2026, 2, 28)
    for extract, key in (("ssd_cla_episodes", "clae_cla_id"), ("ssd_cp_plans", "cppl_cp_plan_id")):
        both = set(earlier.tables[extract][key]) & set(later.tables[extract][key])
        assert len(both) > 0.6 * len(later.tables[extract])


@pytest.mark.parametrize(
    ("sheets", "part"),
    [
        (["List 1", "List 2", "List 3"], "workbook"),
        (["Contents", "LIST_10 Adoption"], "workbook"),
        (["List_1", "List_2"], ""),
        (["List 12", "Checklist 7b9", "Sheet1"], ""),
        ([], ""),
    ],
)
def test_it_is_known_by_its_sheets(sheets: list[str], part: str) -> None:
    assert FORMAT.part_of(look(Path("x"), *sheets)) == part


# Single lists, written by hand. No message may hold a cell, so all of them say SECRET.

CHILD = {"Child Unique ID": "SECRET-Łódź-東京-1", "Date of Birth": datetime(2015, 5, 5)}
REFERRAL = CHILD | {"Date of Referral": datetime(2026, 3, 30), "Referral Source": "q) 6: Police"}
PLAN = CHILD | {
    "Child Protection Plan Start Date": datetime(2026, 1, 12),
    "Date of the Last Statutory Visit": datetime(2026, 3, 20),
}
SECOND = {"Child Unique ID": "SECRET-2"}


def book(file: Path, lists: Lists, **layout: Any) -> Path:
    """A workbook with a sheet for each list. `layout`: `above` rows before the header, `below` it
    for a second header, `name` of the sheets, `day` the format of days, `headers` to rename some,
    `rename` to name one sheet otherwise; other options are the library's."""
    above, name = layout.pop("above", 0), layout.pop("name", "List {}")
    second, renamed = layout.pop("second", False), layout.pop("headers", {})
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy", **layout}) as workbook:
        workbook.set_properties({"created": datetime(2026, 4, 2)})
        for number, rows in lists.items():
            sheet = workbook.add_worksheet(name.format(number))
            headers = [renamed.get(header, header) for header in HEADERS[number]]
            if above:
                sheet.merge_range(0, 0, above - 1, 5, "SECRET title")
            sheet.write_row(above, 0, headers)
            if second:
                sheet.write_row(above + 1, 0, headers)
            for at, row in enumerate(rows, above + 1 + second):
                for header, cell in row.items():
                    sheet.write(at, HEADERS[number].index(header), cell)
            sheet.set_row(above + 1, None, None, {"hidden": True})
    return file


def said(reading: Reading, only: int) -> list[tuple[str, int | None, int]]:
    """What is said of one list: code, line and how often."""
    found = [each for each in reading.remarks if each.what.startswith(f"List {only}")]
    assert not any("SECRET" in str(each) for each in reading.remarks)
    return [(each.code, each.line, each.count) for each in found]


@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"above": 4},
        {"name": "{0}. LIST {0} (final)"},
        {"date_1904": True},
        {"default_date_format": "General"},
        {
            "headers": {
                "Date of Referral": " Date  of\u00a0referral ",
                "Child Unique ID": "Child ID",
            }
        },
    ],
    ids=["plain", "title above", "other sheet names", "1904", "days as numbers", "headers"],
)
def test_a_list_is_found_however_the_workbook_is_laid_out(layout, tmp_path: Path) -> None:
    reading = read(book(tmp_path / "a.xlsx", {3: [REFERRAL], 4: []}, **layout))
    assert said(reading, 3) == []
    [referral] = reading.tables["ssd_cin_episodes"].to_dict("records")
    assert referral["cine_person_id"] == "SECRET-Łódź-東京-1"
    assert (referral["cine_referral_date"], referral["cine_referral_source_code"]) == (
        "2026-03-30",
        "6",
    )
    assert reading.covers["ssd_cin_episodes"].as_at == AS_AT


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Date of Referral": "30/03/2026"}, []),
        ({"Date of Referral": "2026-03-30 00:00:00"}, []),
        ({"Date of Referral": "30-Mar-2026"}, []),
        ({"Date of Referral": "03/30/2026 SECRET"}, [("RETURN-CELL", 3, 1), ("RETURN-ROW", 3, 1)]),
        ({"Date of Referral": "03/30/2026"}, [("RETURN-CELL", 3, 1), ("RETURN-ROW", 3, 1)]),
        ({"Date of Referral": 2026}, [("RETURN-CELL", 3, 1), ("RETURN-ROW", 3, 1)]),
        ({"Date of Referral": None}, [("RETURN-ROW", 3, 1)]),
        ({"Date of Referral": "=1/0"}, [("RETURN-CELL", 3, 1), ("RETURN-ROW", 3, 1)]),
        ({"Date of Birth": "SECRET"}, [("RETURN-CELL", 3, 1)]),
        ({"Child Unique ID": None}, [("RETURN-ROW", 3, 1)]),
        ({"Child Unique ID": 9212044}, []),
    ],
)
def test_a_cell_is_read_or_said(row: Row, expected: list[Any], tmp_path: Path) -> None:
    error = row == {"Date of Referral": "=1/0"}
    first = REFERRAL | SECOND
    file = book(tmp_path / "a.xlsx", {3: [first, REFERRAL | row], 4: []})
    if error:
        old, new = b'<c r="F3"><f>1/0</f><v>0</v>', b'<c r="F3" t="e"><f>1/0</f><v>#DIV/0!</v>'
        changed(file, "xl/worksheets/sheet1.xml", replaced(old, new))
    reading = read(file)
    assert said(reading, 3) == expected
    left_out = any(code == "RETURN-ROW" for code, _, _ in expected)
    assert len(reading.tables["ssd_cin_episodes"]) == 2 - left_out


@pytest.mark.parametrize(
    ("lists", "layout", "expected"),
    [
        ({3: [REFERRAL]}, {}, [("RETURN-PART", None, 1)]),
        ({3: [REFERRAL], 7: []}, {}, [("RETURN-PART", None, 1)]),
        (
            {3: [REFERRAL], 7: [PLAN]},
            {"headers": {"Child Protection Plan Start Date": "SECRET"}},
            [("RETURN-PART", None, 1)],
        ),
        ({3: [REFERRAL], 7: [PLAN, {"Gender": "b) Female"}]}, {}, [("RETURN-ROW", 3, 1)]),
        (
            {3: [REFERRAL], 7: [PLAN]},
            {"second": True},
            [("RETURN-CELL", 2, 1)] * 4 + [("RETURN-ROW", 2, 1)],
        ),
    ],
    ids=["no sheet", "no rows", "no column", "half a row", "two headers"],
)
def test_a_list_costs_only_itself(lists, layout, expected, tmp_path: Path) -> None:
    reading = read(book(tmp_path / "a.xlsx", lists, **layout))
    assert said(reading, 7) == expected
    assert len(reading.tables["ssd_cin_episodes"]) == 1
    assert ("ssd_cp_plans" in reading.tables) == (expected[0][0] != "RETURN-PART")


def test_a_list_that_is_there_twice_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as workbook:
        for name in ("List 3", "List 3 (2)"):
            workbook.add_worksheet(name).write_row(0, 0, HEADERS[3])
    with pytest.raises(UnreadableError) as raised:
        read(file)
    assert raised.value.finding.code == "RETURN-LAYOUT"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        # the second would pass for the second of March
        (["02/25/2026", "02/03/2026", "03/01/2026"], "DATE-MONTH-FIRST"),
        (["25/02/2026", "02/03/2026", "03/25/2026"], ""),
        (["02/25/2026", "2026-03-02", "30/03/2026"], ""),
    ],
)
def test_days_written_month_first_are_read_as_none(days, told, tmp_path: Path) -> None:
    rows = [REFERRAL | {"Child Unique ID": f"c{day}", "Date of Referral": day} for day in days]
    file = book(tmp_path / "a.xlsx", {3: rows, 4: []})
    if not told:
        assert len(read(file).tables["ssd_cin_episodes"]) == 2
        return
    with pytest.raises(UnreadableError) as raised:
        read(file)
    assert raised.value.finding.code == told


@pytest.mark.parametrize(
    ("answer", "is_whole"), [("N", True), ("b) No", True), ("Y", False), ("2nd", False)]
)
def test_an_answer_that_is_neither_yes_nor_no_does_not_make_a_list_whole(
    answer: str, is_whole: bool, tmp_path: Path
) -> None:
    [again] = [header for header in HEADERS[8] if "second or subsequent" in header]
    row = CHILD | {"Date Started to be Looked After": datetime(2026, 2, 10), again: answer}
    reading = read(book(tmp_path / "a.xlsx", {3: [REFERRAL], 8: [row]}))
    first = reading.covers["ssd_cla_episodes"].data_from
    assert first == (
        reading.covers["ssd_cin_episodes"].data_from if is_whole else date(2026, 2, 10)
    )


def test_without_any_day_the_time_cannot_be_told(tmp_path: Path) -> None:
    leaver = CHILD | {"Eligibility Category": "a) Relevant child"}
    with pytest.raises(UnreadableError) as raised:
        read(book(tmp_path / "a.xlsx", {9: [leaver]}))
    assert raised.value.finding.code == "RETURN-YEAR"


def test_a_mistyped_day_does_not_move_the_time(tmp_path: Path) -> None:
    """One after the workbook was saved, or long after all others."""
    typed = [
        REFERRAL | {"Date of Referral": datetime(*day)} for day in ((2062, 3, 3), (2026, 4, 1))
    ]
    plan = PLAN | {"Date of the Last Statutory Visit": datetime(2026, 2, 25)}
    old = REFERRAL | {"Date of Referral": datetime(2026, 2, 10)}
    reading = read(book(tmp_path / "a.xlsx", {3: [old, *typed], 7: [plan]}))
    assert reading.covers["ssd_cp_plans"].as_at == date(2026, 2, 28)


def test_an_unborn_child_has_a_day_on_which_it_is_due(tmp_path: Path) -> None:
    unborn = PLAN | {"Date of Birth": datetime(2026, 6, 1)}
    [child] = read(book(tmp_path / "a.xlsx", {7: [unborn]})).tables["ssd_person"].to_dict("records")
    assert (child["pers_dob"], child["pers_expected_dob"]) == ("", "2026-06-01")


@pytest.mark.parametrize("other", [PLAN | SECOND, PLAN | {"Date of Birth": datetime(2015, 5, 5)}])
def test_an_earlier_plan_that_is_not_listed_shortens_the_time(other: Row, tmp_path: Path) -> None:
    """Unless a child is there twice, as where each plan has a row."""
    again = PLAN | {"Number of Previous Child Protection Plans": 1}
    reading = read(book(tmp_path / "a.xlsx", {3: [REFERRAL], 7: [again, other]}))
    first = date(2026, 1, 12) if other["Child Unique ID"] == "SECRET-2" else date(2025, 10, 1)
    assert reading.covers["ssd_cp_plans"].data_from == first


def test_a_conference_beside_two_enquiries_is_one(tmp_path: Path) -> None:
    header = "Strategy discussion initiating Section 47 Enquiry Start Date"
    held = CHILD | {"Date of Initial Child Protection Conference": datetime(2026, 3, 20)}
    rows = [held | {header: datetime(2026, 3, day)} for day in (2, 9)]
    tables = read(book(tmp_path / "a.xlsx", {5: rows})).tables
    assert len(tables["ssd_s47_enquiry"]) == 2
    assert list(tables["ssd_initial_cp_conference"]["icpc_s47_enquiry_id"]) == [""]


LABELS: list[tuple[str, str]] = [
    ("f) U6: Foster placement - not FFA", "U6"),
    ("zz) T4: Temporary placement", "T4"),
    ("U6", "U6"),
    ("k1 - Secure unit", "K1"),
    ("Placed with parents [P1]", "P1"),
    ("H5a - Semi-independent", "H5a"),
    ("With a friend", "With a friend"),
]


@pytest.mark.parametrize(("label", "code"), LABELS)
def test_a_label_is_its_code_or_left_to_the_councils_map(
    label: str, code: str, tmp_path: Path
) -> None:
    care = CHILD | {
        "Date Started to be Looked After": datetime(2026, 3, 1),
        "Start Date of Most Recent Placement": datetime(2026, 3, 1),
        "Placement Type": label,
    }
    placements = read(book(tmp_path / "a.xlsx", {8: [care]})).tables["ssd_cla_placement"]
    assert list(placements["clap_cla_placement_type"]) == [code]
