"""What the ledger says of the deliveries as a whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import (
    LedgerError,
    Receipt,
    append,
    make_ledger,
    newest_accepted_month,
    newest_receipt_time,
)

ACCEPTED = Receipt(
    extract="indicator_returns",
    delivery_month="2019-09",
    file="indicator_returns.csv",
    sha256="a" * 64,
    bytes=10,
    mtime_ns=1,
    rules_sha256="b" * 64,
    rows_in_file=1,
    loaded=1,
    quarantined=0,
    duplicates=0,
    stood_in=0,
    outcome="accepted",
    codes="",
    findings=(),
    received_at="2019-10-03T06:00:00+00:00",
    stands_in=None,
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(*(tmp_path / name for name in ("incoming", "raw", "quarantine", "ledger")))
    make_ledger(paths)
    return paths


def test_before_the_first_delivery_there_is_no_month_and_no_time(paths: Paths) -> None:
    assert (newest_accepted_month(paths), newest_receipt_time(paths)) == ("", "")


def test_only_accepted_deliveries_speak_for_the_data(paths: Paths) -> None:
    append(paths, ACCEPTED)
    later = replace(ACCEPTED, delivery_month="2019-10", received_at="2019-11-03T06:00:00+00:00")
    append(paths, replace(later, outcome="refused"))
    assert newest_accepted_month(paths) == "2019-09"
    assert newest_receipt_time(paths) == "2019-10-03T06:00:00+00:00"
    append(paths, later)
    assert newest_accepted_month(paths) == "2019-10"


def test_an_older_month_accepted_later_is_the_newest_receipt_but_not_the_newest_month(
    paths: Paths,
) -> None:
    append(paths, ACCEPTED)
    older = replace(ACCEPTED, delivery_month="2019-08", received_at="2019-12-01T06:00:00+00:00")
    append(paths, older)
    assert newest_accepted_month(paths) == "2019-09"
    assert newest_receipt_time(paths) == "2019-12-01T06:00:00+00:00"


def test_a_damaged_receipt_stops_with_a_code_and_tells_no_content(paths: Paths) -> None:
    append(paths, ACCEPTED)
    (receipt,) = paths.receipts.glob("2*.json")
    receipt.chmod(0o600)
    receipt.write_text('{"secret": "Zoë"')
    with pytest.raises(LedgerError, match="LEDGER-UNREADABLE") as fault:
        newest_accepted_month(paths)
    assert "Zoë" not in str(fault.value)
