"""What stands in where, and that no reader of the reference data ever fails."""

from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest

from orchestration.alerting.routing import read_acknowledged, read_routes
from orchestration.commands.reference_sources import TARGET, sources
from orchestration.packs.meetings import next_meeting, portfolios_in_force, read_meetings
from orchestration.packs.narrative import read_narrative
from orchestration.reference.calendar import read_bank_holidays
from orchestration.reference.contract import reference_files
from orchestration.reference.edition_requests import EditionRequest, requested_editions
from orchestration.reference.geographies import (
    Geographies,
    read_geographies,
    read_row_level_council,
)
from orchestration.reference.released import read_released
from orchestration.reference.tables import Reference
from orchestration.settings import PROJECT

SAMPLE = "sample-borough-2026-04-21"
UNREADABLE = {"missing": None, "empty": b"", "bytes": b"\xff\xfe\x00\x9d\xff", "text": b'a,"b\nc'}


def damage(reference: Reference, name: str, old: str, new: str) -> None:
    path = reference.seeds / reference_files()[name].path
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_dbt_sources_are_those_of_the_contract() -> None:
    assert (PROJECT / TARGET).read_text(encoding="utf-8") == sources()


def test_every_file_as_shipped_is_right_and_described(reference: Reference) -> None:
    described = {file.path for file in reference_files().values() if not file.is_catalogue}
    lying = {
        path.relative_to(reference.seeds).as_posix()
        for path in [
            *reference.seeds.rglob("*.csv"),
            reference.seeds / "benchmarks/benchmarks.parquet",
        ]
        if path.parent.name != "returns"
    }
    assert lying == described
    tables = reference.write()
    assert [str(fault) for table in tables.values() for fault in table.faults] == []


@pytest.mark.parametrize("how", UNREADABLE)
def test_with_every_file_damaged_each_reader_goes_on(how: str, reference: Reference) -> None:
    kept_by_people = [file for file in reference_files().values() if not file.is_catalogue]
    for file in kept_by_people:
        path = reference.seeds / file.path
        path.unlink()
        if (content := UNREADABLE[how]) is not None:
            path.write_bytes(content)
    tables = reference.write()
    assert all(tables[file.name].faults and not tables[file.name].rows for file in kept_by_people)
    for file in kept_by_people:
        assert reference.kept is not None
        copy = pq.read_table(reference.kept / f"{file.name}.parquet")
        assert copy.schema.names == [column.name for column in file.columns]
        assert copy.num_rows == 0
    assert read_meetings(reference) == []
    assert next_meeting([]) is None
    assert portfolios_in_force(reference, "E06000005", date(2020, 1, 1)) == {}
    assert len(read_narrative(reference, SAMPLE)) == 1
    assert read_narrative(reference, SAMPLE)[0].fault
    assert read_routes(reference) == []
    assert read_acknowledged(reference) == {}
    assert requested_editions("", "", reference) == []
    assert read_released(reference) == frozenset()
    assert read_geographies(reference) == Geographies({}, {})
    assert read_row_level_council(reference) == ""
    assert read_bank_holidays(reference) == frozenset()


def test_a_year_of_bank_holidays_that_is_missing_turns_the_check_red_and_the_copy_stands_in(
    reference: Reference,
) -> None:
    good = read_bank_holidays(reference)
    reference.write()
    path = reference.seeds / "reference" / "bank_holidays.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for missing in (2012, 2019):
        path.write_text("".join(line for line in lines if not line.startswith(str(missing))))
        now = replace(reference)
        assert read_bank_holidays(now) == good
        [fault] = now.table("bank_holidays").faults
        assert fault.code == "REFERENCE-INCOMPLETE"
        assert f"0 bank holidays in {missing}" in fault.found
        now.write()
        assert read_bank_holidays(replace(reference)) == good


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2022-06-03", "9 bank holidays in 2022"),  # a jubilee's
        ("2022-04-18", "9 bank holidays in 2022"),
        ("2023-12-26", "8 bank holidays in 2023"),
        ("2012-06-05", "8 bank holidays in 2012"),
        ("2028-12-26", "7 bank holidays in 2028"),
    ],
)
def test_a_bank_holiday_that_is_missing_is_missed_in_years_that_have_more_than_eight(
    reference: Reference, day: str, found: str
) -> None:
    path = reference.seeds / "reference" / "bank_holidays.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(day)))
    [fault] = reference.table("bank_holidays").faults
    assert (fault.code, fault.found) == ("REFERENCE-INCOMPLETE", f"{found}, without weekends")


def test_a_day_at_a_weekend_is_not_the_one_that_stands_in_for_it(reference: Reference) -> None:
    damage(reference, "bank_holidays", "2027-12-28", "2027-12-25")
    [fault] = reference.table("bank_holidays").faults
    assert fault.found == "7 bank holidays in 2027, without weekends"
    # beside the day that stands in for it, it is in nobody's way
    damage(reference, "bank_holidays", "2027-12-25", "2027-12-28")
    path = reference.seeds / "reference" / "bank_holidays.csv"
    path.write_text(path.read_text(encoding="utf-8") + "2027-12-25,Christmas Day itself\n")
    assert replace(reference).table("bank_holidays").faults == ()


def test_bank_holidays_that_end_before_the_figures_do_are_red(reference: Reference) -> None:
    path = reference.seeds / "reference" / "bank_holidays.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    early = "".join(line for line in lines if line < "2026" or line == lines[0])
    path.write_text(early)
    now = replace(reference, today=date(2026, 2, 1))
    [fault] = now.table("bank_holidays").faults
    assert "0 bank holidays in 2026" in fault.found and not fault.is_remark
    # without a copy that goes further they are used all the same, as nothing better is there
    assert now.table("bank_holidays").is_usable and len(read_bank_holidays(now)) == 116
    # in January the newest figures are those of December
    assert replace(reference, today=date(2026, 1, 31)).table("bank_holidays").faults == ()
    path.write_text("".join(lines))
    good = read_bank_holidays(replace(reference))
    replace(reference).write()
    path.write_text(early)
    now = replace(reference, today=date(2026, 2, 1))
    now.write()
    assert read_bank_holidays(now) == read_bank_holidays(replace(now)) == good


def test_without_whole_bank_holidays_and_a_copy_no_rows_are_counted(reference: Reference) -> None:
    damage(reference, "bank_holidays", "2019-04-19", "19 April")
    for _ in range(2):  # half a file is no good copy for the second run
        now = replace(reference)
        tables = now.write()
        assert tables["row_level_council"].rows == ()
        assert [fault.code for fault in tables["row_level_council"].faults] == ["REFERENCE-HELD"]
        assert len(tables["editions"].rows) == 3
        incomplete, bad = tables["bank_holidays"].faults
        assert (incomplete.code, bad.column) == ("REFERENCE-INCOMPLETE", "holiday_date")
        assert bad.row


def test_neighbours_without_rows_are_red_and_too_few_are_told(reference: Reference) -> None:
    path = reference.seeds / "reference" / "statistical_neighbours.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(lines[0])
    [fault] = reference.table("statistical_neighbours").faults
    assert fault.code == "REFERENCE-EMPTY"
    path.write_text("".join(lines[:-1]))
    [fault] = replace(reference).table("statistical_neighbours").faults
    assert (fault.code, fault.found) == (
        "REFERENCE-INCOMPLETE",
        "fewer than ten neighbours: 1 councils",
    )


def test_one_bad_row_costs_its_own_council_only(reference: Reference) -> None:
    damage(reference, "editions", "E06000005,2019-09", "E06999999,2019-09")
    damage(reference, "meetings", "2019-06-18,held", "18 June,held")
    damage(
        reference, "narrative", f"{SAMPLE},indicator,supervision_in", f"{SAMPLE},,supervision_in"
    )
    damage(reference, "targets", "2019-04-01,,90,5", "2019-04-01,,0.9,5")
    assert requested_editions("", "", reference) == [
        EditionRequest("X06000001", None),
        EditionRequest("E06000041", None),
    ]
    assert len(read_meetings(reference)) == 5
    assert [line.fault for line in read_narrative(reference, SAMPLE) if line.fault] != []
    assert [line.fault for line in read_narrative(reference, "wokingham-2020-01-07")] == []
    [fault] = reference.table("targets").faults
    assert (fault.row, fault.column, fault.found) == (2, "target", "it looks like a fraction")
    assert len(reference.table("targets").rows) == 29


def test_two_councils_that_send_rows_are_none(reference: Reference) -> None:
    damage(reference, "row_level_council", "X06000001", "X06000001\nE06000041")
    assert read_row_level_council(reference) == ""


def test_a_fault_says_place_and_remedy_and_no_cell(reference: Reference) -> None:
    damage(reference, "meetings", "2019-06-18,held", "a-secret-day,held")
    fault = reference.table("meetings").faults[0]
    assert str(fault) == (
        "REFERENCE-TYPE | reference/meetings.csv | row 2, column meeting_date | not such a value | "
        "a day as 2026-03-31 or 31/03/2026 | correct the row and run again | no pack can be made "
        "for this meeting until the row is right; every other pack can"
    )


def test_an_area_without_a_name_is_known_to_check_in_all_the_same(reference: Reference) -> None:
    whole = read_geographies(reference)
    damage(reference, "authorities", "E06000001,Hartlepool", "E06000001,")
    damage(reference, "regions", "E12000001,North East", "E12000001,")
    now = replace(reference)
    assert "E06000001" not in now.table("authorities").column("geography_code")
    names = {"Hartlepool": "E06000001", "North East": "E12000001"}
    assert read_geographies(now).todays | names == whole.todays
    assert read_geographies(now).numbers | {"Hartlepool": "805"} == whole.numbers
