"""Which months can be delivered, and how one that was accepted is taken back."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.commands import withdraw as command
from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.in_use import NothingAcceptedError, require_something
from orchestration.deliveries.keeping.withdrawing import withdraw
from orchestration.deliveries.ledger.accepted_rows import require_intact
from orchestration.deliveries.ledger.ledger import newest_accepted_month, read_receipts
from orchestration.deliveries.sources.folder import pending
from orchestration.deliveries.sources.months import (
    months_ahead,
    refused_folders,
    today_in_london,
)
from orchestration.settings import from_environment

TODAY = date(2031, 10, 3)
PERSON = {"pers_person_id": "ZQ-1"}


def told(incoming: Path) -> list[str]:
    return [str(each.finding()) for each in refused_folders(incoming, TODAY)]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("2031-10", "not over yet"),
        ("2062-03", "not over yet"),
        ("9999-12", "not over yet"),
        ("2031-13", "no calendar has"),
        ("2031-00", "no calendar has"),
        ("0000-01", "before 2012-04"),
        ("2012-03", "before 2012-04"),
    ],
)
def test_a_folder_of_a_month_that_cannot_be_is_refused_by_its_name(
    tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / name).mkdir()
    [found] = told(tmp_path)
    assert found.startswith(f"MONTH-REFUSED | {name} | ") and why in found


@pytest.mark.parametrize("name", ["2031-09", "2012-04", "2024-25", "1999-00", "returns", "2031"])
def test_a_month_that_is_over_and_a_folder_of_ones_own_are_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert told(tmp_path) == []


def test_a_month_ends_by_the_clock_of_london() -> None:
    assert today_in_london(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_last_day_to_come_refuses_the_file_and_never_hides_the_real_ones(council) -> None:
    council.put("ssd_person", PERSON)
    row = {"extract": "ssd_person", "extracted_at": "2026-04-01", "data_as_at": "2062-03-31"}
    row |= {"row_count": "1", "sha256": "0" * 64, "source_system": "mosaic"}
    council.put("extract_manifest", row)
    receipt = council.check_in()["ssd_person"]
    assert receipt.outcome == "refused"
    assert "AS-AT-AHEAD" in receipt.codes.split()


def test_what_was_accepted_for_a_month_to_come_is_named_and_taken_back(council) -> None:
    council.put("ssd_person", PERSON, month="2031-09")
    council.check_in("2031-09")
    council.put("ssd_person", PERSON, PERSON | {"pers_person_id": "ZQ-2"}, month="2062-03")
    council.check_in("2062-03")
    [found] = months_ahead(council.paths, TODAY)
    assert str(found.finding()).startswith("MONTH-REFUSED | 2062-03 | ")
    assert newest_accepted_month(council.paths) == "2062-03"

    done = withdraw(council.paths, "2062-03", (), TODAY, council.now + timedelta(minutes=1))
    assert done.extracts == ("ssd_person",)
    assert newest_accepted_month(council.paths) == "2031-09"
    assert not list(months_ahead(council.paths, TODAY))
    require_intact(council.paths)
    assert council.rows("ssd_person", "count(*)", month="2031-09") == [(1,)]


def test_a_delivery_is_withdrawn_once_its_files_are_moved_away_and_can_come_again(council) -> None:
    file = council.put("ssd_person", PERSON)
    content = file.read_bytes()
    council.check_in()
    at = council.now + timedelta(seconds=1)
    assert withdraw(council.paths, council.month, (), TODAY, at).still_there == ("ssd_person",)
    require_something(council.paths)
    file.unlink()
    assert withdraw(council.paths, council.month, ("ssd_send",), TODAY, at).extracts == ()
    assert withdraw(council.paths, council.month, (), TODAY, at).extracts == ("ssd_person",)
    assert read_receipts(council.paths, "ssd_person") == []
    assert not council.paths.raw_file("ssd_person", council.month).exists()
    with pytest.raises(NothingAcceptedError):
        require_something(council.paths)

    council.put_bytes("ssd_person", content)
    [waiting] = pending(council.paths, TODAY, EXTRACTS["ssd_person"])
    assert waiting.month == council.month
    assert council.check_in()["ssd_person"].outcome == "accepted"
    require_intact(council.paths)


def test_a_kill_between_rows_and_receipt_is_mended_by_withdrawing_again(council) -> None:
    file = council.put("ssd_person", PERSON)
    council.check_in(contracts=ROW_LEVEL)
    file.unlink()
    council.paths.raw_file("ssd_person", council.month).unlink()
    later = council.now + timedelta(seconds=1)
    assert withdraw(council.paths, council.month, (), TODAY, later).extracts == ("ssd_person",)
    require_intact(council.paths)


def test_the_command_says_what_it_took_back_and_what_was_published_from_it(
    council, capsys: pytest.CaptureFixture[str]
) -> None:
    data = council.paths.incoming.parent
    where = from_environment({"KPI_DATA": str(data), "KPI_EXPORTS": str(data / "exports")})
    file = council.put("ssd_person", PERSON)
    council.check_in()
    (where.exports / "officers" / "X06000001" / council.month).mkdir(parents=True)
    assert command.main(council.month, (), where) == 1
    assert "move these files" in capsys.readouterr().out
    file.unlink()
    assert command.main(council.month, (), where) == 0
    said = capsys.readouterr().out
    assert "ssd_person" in said and f"X06000001/{council.month}" in said
    assert command.main(council.month, (), where) == 1
    assert command.main("2026-13", (), where) == 1
