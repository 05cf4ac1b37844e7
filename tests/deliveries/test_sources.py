"""What waits in the drop folder."""

import os
from datetime import date

import pytest

from orchestration.contract.extracts import INDICATOR_RETURNS
from orchestration.deliveries.sources.folder import delivered_file, pending

TODAY = date(2022, 5, 1)


def months(desk) -> list[str]:
    return [waiting.month for waiting in pending(desk.paths, TODAY, INDICATOR_RETURNS)]


def test_months_not_yet_checked_in_wait_oldest_first(desk, good):
    assert months(desk) == []
    for month in ("2022-03", "2021-12", "2022-01"):
        desk.put(good, month)
    desk.check_in(desk.put(good, "2022-02"), "2022-02")
    assert months(desk) == ["2021-12", "2022-01", "2022-03"]


@pytest.mark.parametrize("content", [b"", b"not a return"])
def test_a_refused_file_does_not_wait_again_until_it_changes(desk, content, good):
    desk.deliver(content)
    assert months(desk) == []
    desk.put(good)
    assert months(desk) == ["2022-03"]


def test_a_file_touched_but_not_changed_does_not_wait(desk, good):
    desk.deliver(good)
    os.utime(desk.put(good), (1, 1))
    assert months(desk) == []


def test_the_same_bytes_for_another_month_wait(desk, good):
    desk.deliver(good, "2022-03")
    desk.put(good, "2022-04")
    assert months(desk) == ["2022-04"]


def test_what_is_no_ordinary_file_waits_once_and_is_never_opened(desk):
    folder = desk.put(b"").parent
    (folder / "indicator_returns.csv").unlink()
    os.mkfifo(folder / "indicator_returns.csv")
    [waiting] = pending(desk.paths, TODAY, INDICATOR_RETURNS)
    assert desk.check_in(waiting.file).codes == "FILE-TYPE"
    assert months(desk) == []


@pytest.mark.parametrize(
    "name",
    [
        "~$indicator_returns.csv",
        ".indicator_returns.csv.swp",
        "indicator_returns.csv.tmp",
        "indicator_returns.csv.partial",
        "indicator_returns.csv.crdownload",
        "indicator_returns.csv~",
        "another_table.csv",
    ],
)
def test_unfinished_files_and_other_tables_do_not_wait(desk, good, name):
    desk.put(good, name=name)
    assert months(desk) == []


@pytest.mark.parametrize(
    "folder", ["2022", "2022-13", "archive", "2022-05", "2062-04", "9999-12", "0000-01", "2012-03"]
)
def test_folders_of_no_month_that_is_over_are_left_alone(desk, good, folder):
    desk.put(good, folder)
    assert months(desk) == []


@pytest.mark.parametrize(
    "name", ["Indicator Returns (1).csv", "indicator_returns_new.csv", "INDICATOR_RETURNS.csv.CSV"]
)
def test_a_file_of_a_near_name_waits_to_be_refused_with_advice(desk, good, name):
    file = desk.put(good, name=name)
    assert delivered_file(desk.paths.incoming, "2022-03", INDICATOR_RETURNS) == file
    assert months(desk) == ["2022-03"]
    assert desk.check_in(file).codes == "FILE-NAME"


@pytest.mark.parametrize("name", ["indicator_returns.csv.gz", "Indicator returns and all.xlsx"])
def test_what_is_no_csv_file_is_left_to_be_told_by_its_content(desk, good, name):
    desk.put(good, name=name)
    assert months(desk) == []


def test_the_exact_name_comes_before_a_near_one_whatever_its_case(desk, good):
    desk.put(good, name="indicator_returns (1).csv")
    file = desk.put(good, name="Indicator_Returns.CSV")
    assert delivered_file(desk.paths.incoming, "2022-03", INDICATOR_RETURNS) == file
    assert desk.check_in(file).outcome == "accepted"
