"""One delivery after another: what is loaded, set aside, held, kept and told."""

import dataclasses
import os
import shutil
import traceback
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.contract.extracts import INDICATOR_RETURNS, Column
from orchestration.deliveries.check_in import CheckInError, check_in
from orchestration.deliveries.rows.archive import connect
from orchestration.deliveries.sources.folder import delivered_file

NUMBERS = "month(period_start), numerator::int"
UNKNOWN = {"indicator_id": "unheard_of_count"}


def month(number: int, numerator: int) -> dict[str, str]:
    """A row for one of the first three months of 2019."""
    last = {1: 31, 2: 28, 3: 31}[number]
    return {
        "period_start": f"2019-0{number}-01",
        "period_end": f"2019-0{number}-{last}",
        "numerator": str(numerator),
    }


def test_good_rows_are_stored_typed_and_in_the_order_of_their_key(desk, returns):
    receipt = desk.deliver(returns(month(2, 52), month(1, 51)))
    assert (receipt.outcome, receipt.rows_in_file, receipt.loaded) == ("accepted", 2, 2)
    assert receipt.findings == () and receipt.stands_in is None
    assert desk.accepted(columns=f"{NUMBERS}, delivery_month::text, line_no") == [
        (1, 51, "2022-03-31", 3),
        (2, 52, "2022-03-31", 2),
    ]


def test_the_same_delivery_gives_the_same_bytes(desk, returns, tmp_path):
    content = returns(month(2, 52), month(1, 51), UNKNOWN)
    desk.deliver(content)
    raw = desk.paths.raw_file("indicator_returns", "2022-03")
    quarantine = desk.paths.quarantine_file("indicator_returns", "2022-03")
    before = raw.read_bytes(), quarantine.read_bytes()
    raw.unlink()
    assert desk.deliver(content).outcome == "accepted"
    assert (raw.read_bytes(), quarantine.read_bytes()) == before


def test_the_same_bytes_again_change_nothing(desk, good):
    first = desk.deliver(good)
    raw = desk.paths.raw_file("indicator_returns", "2022-03")
    before = raw.stat()
    second = desk.deliver(good)
    assert (second.outcome, second.codes) == ("unchanged", "DUP-DELIVERY")
    assert second.findings[0].endswith(" | nothing changes; what is published stays")
    assert (second.rows_in_file, second.loaded) == (first.rows_in_file, first.loaded)
    assert raw.stat().st_mtime_ns == before.st_mtime_ns


def test_the_same_bytes_are_checked_anew_when_the_catalogue_has_changed(desk, returns):
    content = returns(month(1, 51), UNKNOWN)
    assert desk.deliver(content).quarantined == 1
    desk.catalogue["unheard_of_count"] = desk.catalogue["referrals_count"]
    receipt = desk.deliver(content)
    assert (receipt.outcome, receipt.loaded, receipt.codes) == ("accepted", 2, "")
    assert desk.quarantined() == []


def test_other_bytes_for_the_same_month_take_the_place_of_the_earlier_ones(desk, returns):
    desk.deliver(returns(month(1, 51), month(2, 52)))
    receipt = desk.deliver(returns(month(1, 61)))
    assert (receipt.outcome, receipt.codes) == ("accepted", "SUPERSEDED")
    assert desk.accepted(columns=NUMBERS) == [(1, 61)]


def test_the_bytes_accepted_before_the_last_ones_are_accepted_again(desk, returns):
    first, second = returns(month(1, 51)), returns(month(1, 61))
    for content in (first, second, first):
        assert desk.deliver(content).outcome == "accepted"
    assert desk.accepted(columns=NUMBERS) == [(1, 51)]


def test_a_check_in_killed_before_its_receipt_is_repeated(desk, returns):
    first, second = returns(month(1, 51)), returns(month(1, 61))
    desk.deliver(first)
    desk.deliver(second)
    max(desk.paths.receipts.glob("2*.json")).unlink()  # as if killed after the rename
    assert desk.deliver(first).outcome == "accepted"
    assert desk.accepted(columns=NUMBERS) == [(1, 51)]


def test_an_older_delivery_may_come_after_a_newer_one(desk, returns):
    desk.deliver(returns(month(1, 61)), "2022-03")
    assert desk.deliver(returns(month(1, 51)), "2021-12").outcome == "accepted"
    assert desk.accepted("2022-03", NUMBERS) == [(1, 61)]
    assert desk.accepted("2021-12", NUMBERS) == [(1, 51)]


def test_figures_whose_row_is_now_faulty_stay_as_accepted_before(desk, returns):
    desk.deliver(returns(month(1, 51), month(2, 52), month(3, 53)))
    broken = month(2, 0) | {"numerator": "fifty-two"}
    receipt = desk.deliver(returns(month(1, 61), broken, month(3, 63)))
    assert (receipt.loaded, receipt.quarantined, receipt.stood_in) == (2, 1, 1)
    assert desk.accepted(columns=f"{NUMBERS}, line_no") == [(1, 61, 2), (2, 52, None), (3, 63, 4)]


def test_figures_that_stand_in_are_still_of_known_indicators(desk, returns):
    desk.deliver(returns(month(1, 51), {"indicator_id": "permanent_exclusions_count"}))
    del desk.catalogue["permanent_exclusions_count"]
    receipt = desk.deliver(returns(month(1, 61), UNKNOWN))
    assert (receipt.outcome, receipt.stood_in) == ("accepted", 0)


def test_contradicting_rows_are_all_set_aside_and_the_last_good_figure_stays(
    desk, returns, assert_promises
):
    desk.deliver(returns(month(1, 51), month(2, 52)))
    content = returns(month(1, 61), month(2, 62), month(2, 63), month(2, 63))
    receipt = desk.deliver(content)
    assert (receipt.loaded, receipt.quarantined, receipt.duplicates) == (1, 3, 0)
    assert desk.quarantined() == [(line, ["KEY-CONFLICT"]) for line in (3, 4, 5)]
    assert desk.accepted(columns=NUMBERS) == [(1, 61), (2, 52)]
    assert receipt.findings[0].startswith(
        "KEY-CONFLICT | 2022-03/indicator_returns.csv | line 3 | "
        "indicator_id, geography_code, period_type, period_start, period_end | "
    )
    assert_promises(desk, receipt, content)


def test_a_value_beside_a_numerator_for_the_same_key_contradicts(desk, returns):
    ratio = {"indicator_id": "assessments_within_45wd_pct", "numerator": ""}
    one, other = {"value": "50"}, {"numerator": "1", "denominator": "2"}
    receipt = desk.deliver(returns(month(1, 51), ratio | one, ratio | other))
    assert (receipt.loaded, receipt.codes) == (1, "KEY-CONFLICT")


def test_repeated_rows_are_loaded_once_and_counted(desk, returns, assert_promises):
    content = returns(
        month(1, 51),
        month(2, 5200),
        month(1, 51) | {"source_note": "Told again by Zebedee"},
        month(2, 0) | {"numerator": "5,200.00"},
    )
    receipt = desk.deliver(content)
    assert (receipt.loaded, receipt.quarantined, receipt.duplicates) == (2, 0, 2)
    assert (
        "ROW-DUPLICATE | 2022-03/indicator_returns.csv | line 4 | - | a row that repeats an "
        in (receipt.findings[0])
    )
    assert desk.accepted(columns="numerator::int, line_no") == [(51, 2), (5200, 3)]
    assert_promises(desk, receipt, content)


def test_five_faulty_rows_are_set_aside_and_six_hold_the_file(desk, returns, assert_promises):
    assert desk.deliver(returns(month(1, 51), *[UNKNOWN] * 5)).outcome == "accepted"
    content = returns(month(1, 61), month(1, 61), *[UNKNOWN] * 6)
    receipt = desk.deliver(content)
    assert receipt.outcome == "refused"
    assert receipt.codes == "TOO-MANY-BAD-ROWS ROW-DUPLICATE INDICATOR-UNKNOWN"
    assert (receipt.loaded, receipt.quarantined, receipt.duplicates) == (0, 7, 1)
    assert [codes for _, codes in desk.quarantined()] == [
        ["TOO-MANY-BAD-ROWS"],
        *[["INDICATOR-UNKNOWN"]] * 6,
    ]
    assert all("accepted on 2031-10-03 stays in use" in message for message in receipt.findings)
    assert desk.accepted(columns=NUMBERS) == [(1, 51)]
    assert_promises(desk, receipt, content)


def test_one_row_in_a_hundred_may_be_faulty_in_a_long_file(desk, returns):
    desk.geographies = tuple(f"E07{number:06}" for number in range(1_400))
    rows = [{"geography_code": code} for code in desk.geographies]
    assert desk.deliver(returns(*rows[:594], *[UNKNOWN] * 6), "2022-01").outcome == "accepted"
    assert desk.deliver(returns(*rows[:593], *[UNKNOWN] * 6), "2022-02").outcome == "refused"


def test_a_file_without_one_good_row_never_empties_the_month(desk, returns):
    desk.deliver(returns(month(1, 51)))
    receipt = desk.deliver(returns(UNKNOWN))
    assert (receipt.outcome, receipt.quarantined) == ("refused", 1)
    assert desk.accepted(columns=NUMBERS) == [(1, 51)]


def test_a_month_without_a_file_is_missing_and_the_newest_delivery_stands_in(
    desk, good, assert_promises
):
    def look_for(month: str):
        return desk.check_in(delivered_file(desk.paths.incoming, month, INDICATOR_RETURNS), month)

    first = look_for("2022-02")
    assert (first.outcome, first.codes, first.stands_in) == ("missing", "FILE-MISSING", None)
    assert first.findings[0].endswith(
        "no delivery was accepted before, so its figures show no data"
    )
    desk.deliver(good, "2022-03")
    second = look_for("2022-04")
    assert (second.outcome, second.sha256, second.stands_in) == ("missing", "", "2022-03")
    assert_promises(desk, second, good)


def test_a_refused_first_delivery_leaves_a_table_that_can_be_read(desk):
    assert desk.deliver(b"").outcome == "refused"
    pattern = str(desk.paths.raw / "indicator_returns" / "*.parquet")
    with connect(desk.paths.raw) as connection:
        names = connection.execute("describe from read_parquet($p)", {"p": pattern}).fetchall()
        rows = connection.execute("from read_parquet($p)", {"p": pattern}).fetchall()
    assert rows == []
    assert [name[0] for name in names] == [
        *INDICATOR_RETURNS.column_names,
        "delivery_month",
        "line_no",
    ]
    assert [kind for _, kind, *_ in names[5:8]] == ["DECIMAL(18,6)"] * 3


def test_quarantined_rows_are_kept_as_delivered_for_the_owner_alone(desk, returns):
    # the fixture's folders are not check-in's own
    shutil.rmtree(desk.paths.raw)
    previous = os.umask(0)
    try:
        desk.deliver(returns(month(1, 51), UNKNOWN | {"numerator": "1,234"}))
    finally:
        os.umask(previous)
    columns = "indicator_id, numerator, source_note"
    assert desk.quarantined(columns=columns) == [
        ("unheard_of_count", "1,234", "Told by Zebedee Quillfeather")
    ]
    for place in (desk.paths.quarantine, *desk.paths.quarantine.rglob("*")):
        assert place.stat().st_mode & 0o777 == (0o700 if place.is_dir() else 0o600)
    for place in (*desk.paths.raw.rglob("*"), *desk.paths.ledger.rglob("*")):
        assert place.stat().st_mode & 0o022 == 0, place


def test_nothing_is_left_behind_beside_the_results(desk, good, returns):
    desk.paths.quarantine.mkdir(parents=True)
    killed = desk.paths.quarantine / ".check-in-killed"
    killed.mkdir()
    (killed / "delivered.csv").write_bytes(good)
    os.utime(killed, (0, 0))
    desk.deliver(good)
    desk.deliver(returns(UNKNOWN))
    data = desk.paths.raw.parent
    hidden = [file for file in data.rglob("*") if file.name.startswith(".") or "tmp" in file.name]
    assert hidden == []


def test_names_that_are_patterns_to_duckdb_are_read_as_they_are(desk, good, tmp_path, returns):
    odd = tmp_path / "it's [a] data* folder?"
    desk.paths = type(desk.paths)(*(odd / name for name in ("in", "raw", "quarantine", "ledger")))
    assert desk.deliver(good).loaded == 12
    receipt = desk.deliver(returns(month(1, 61), UNKNOWN))
    assert (receipt.loaded, receipt.stood_in) == (1, 11)


def test_readers_that_disagree_refuse_the_file(desk, tmp_path):
    # DuckDB takes an empty line of a one-column file for a row; the gate does not.
    id_only = (Column("id", "The id.", required=True),)
    extract = dataclasses.replace(
        INDICATOR_RETURNS, name="codes", key=("id",), columns=id_only, rules=()
    )
    file = tmp_path / "codes.csv"
    file.write_bytes(b"id\nZebedee\n\nErmintrude\n")
    receipt = check_in(file, "2022-03", extract, {}, {}, desk.paths, desk.now)
    assert (receipt.outcome, receipt.codes) == ("refused", "READER-DISAGREES")
    assert not desk.paths.raw_file("codes", "2022-03").exists()


def test_a_fault_of_the_data_folder_stops_the_check_in_without_telling_a_cell(desk, good):
    desk.paths.raw_file("indicator_returns", "2022-03").mkdir(parents=True)
    with pytest.raises(CheckInError) as stopped:
        desk.deliver(good)
    parts = str(stopped.value).split(" | ")
    assert parts[:2] == ["CHECK-IN-FAILED", "2022-03/indicator_returns.csv"] and len(parts) == 8
    told = "".join(traceback.format_exception(stopped.value))
    assert "Zebedee" not in told and "48152" not in told
    assert stopped.value.__context__ is None
    assert not list(desk.paths.receipts.glob("2*.json"))


def test_a_fault_of_duckdb_is_told_without_duckdbs_own_words(desk, returns):
    # A contract whose rule fails on the data: what no contract of ours should do.
    rule = dataclasses.replace(INDICATOR_RETURNS.rules[0], broken_when="error(source_note)")
    extract = dataclasses.replace(INDICATOR_RETURNS, rules=(rule,))
    file = desk.put(returns(month(1, 51)))
    with pytest.raises(CheckInError) as stopped:
        check_in(file, "2022-03", extract, desk.catalogue, desk.areas, desk.paths, desk.now)
    assert "InvalidInputException" in str(stopped.value)
    told = "".join(traceback.format_exception(stopped.value))
    assert "Zebedee" not in told and stopped.value.__context__ is None


def test_rows_that_do_not_add_up_stop_the_check_in(desk, returns):
    # A list of known codes with a code twice would double the rows that carry it.
    class Doubled(dict):
        def __iter__(self):
            return iter([*super().keys(), "referrals_count"])

        def values(self):
            return [*super().values(), self["referrals_count"]]

    desk.catalogue = Doubled(desk.catalogue)
    with pytest.raises(CheckInError, match="ROWS-UNACCOUNTED"):
        desk.deliver(returns(month(1, 51)))
    assert not desk.paths.raw_file("indicator_returns", "2022-03").exists()


@pytest.mark.parametrize("wrong", ["2022-13", "2022-3", "march", "2022-03/..", "２０２２-03"])  # noqa: RUF001
def test_a_month_of_another_form_is_not_a_month(desk, wrong):
    with pytest.raises(ValueError, match="YYYY-MM"):
        desk.check_in(Path("indicator_returns.csv"), wrong)


def test_a_time_of_receipt_has_a_zone(desk):
    desk.now = datetime(2031, 10, 3)
    with pytest.raises(ValueError, match="time zone"):
        desk.check_in(Path("indicator_returns.csv"))
