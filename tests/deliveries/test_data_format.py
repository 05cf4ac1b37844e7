"""Data of an older version are brought up with a copy kept; those of a newer one are refused."""

import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from orchestration.deliveries.check_in import CheckInError
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.accepted_rows import require_intact
from orchestration.deliveries.ledger.ledger import LedgerError, read_receipts

PERSON = {"pers_person_id": "ZQ-1"}


def of_the_first_form(council, nights: int) -> None:
    """A ledger as 0.1.0 left it: each night a receipt more for the same file."""
    council.put("ssd_person", PERSON)
    council.check_in()
    [accepted] = read_receipts(council.paths, "ssd_person")
    moment = datetime.fromisoformat(accepted.received_at)
    for night in range(1, nights + 1):
        at = (moment + timedelta(seconds=night)).isoformat()
        same = replace(accepted, received_at=at, outcome="unchanged", rows_sha256="")
        ledger.append(council.paths, same)
    council.paths.data_format.unlink()


def files(folder: Path) -> dict[str, bytes]:
    found = (each for each in sorted(folder.rglob("*")) if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in found}


def test_an_older_ledger_is_brought_up_and_kept_as_it_was(council) -> None:
    of_the_first_form(council, nights=50)
    before = files(council.paths.ledger)
    assert len(read_receipts(council.paths, "ssd_person")) == 51
    council.check_in()
    kept = council.paths.ledger.with_name("ledger-format-1")
    assert files(kept) == before
    assert [each.outcome for each in read_receipts(council.paths, "ssd_person")] == ["accepted"]
    assert json.loads(council.paths.data_format.read_bytes()) == {"format": ledger.FORMAT}
    assert len(list(council.paths.receipts.glob("2*.json"))) == 1
    require_intact(council.paths)
    now = files(council.paths.ledger)
    council.check_in()
    assert files(council.paths.ledger) == now


@pytest.mark.parametrize("killed_after", ["copy", "merged", "half of the removals"])
def test_a_kill_on_the_way_is_mended_by_the_next_check_in(council, killed_after: str) -> None:
    of_the_first_form(council, nights=6)
    before = files(council.paths.ledger)
    whole = [asdict(each) for each in read_receipts(council.paths)]
    council.check_in()
    after = read_receipts(council.paths)
    # what lay there at the moment of the kill
    for name, content in before.items():
        file = council.paths.ledger / name
        number = sorted(before).index(name)
        if killed_after == "half of the removals" and number % 2:
            continue
        file.unlink(missing_ok=True)
        file.write_bytes(content)
    if killed_after == "copy":
        for file in council.paths.receipts.glob("*-format-*.json"):
            file.unlink()
    council.paths.data_format.unlink()
    council.check_in()
    assert read_receipts(council.paths) == after
    assert len(whole) > len(after)


def test_data_of_a_newer_form_are_refused_and_left_as_they_are(council) -> None:
    council.put("ssd_person", PERSON)
    council.check_in()
    council.paths.data_format.write_text(json.dumps({"format": ledger.FORMAT + 1}))
    before = files(council.paths.ledger)
    with pytest.raises(LedgerError, match="DATA-NEWER"):
        read_receipts(council.paths)
    with pytest.raises((LedgerError, CheckInError), match="DATA-NEWER"):
        council.check_in()
    assert files(council.paths.ledger) == before
