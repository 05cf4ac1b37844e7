"""Receipts are written once, read in order, and readable by DuckDB from the first day."""

import dataclasses
from datetime import date, datetime

import duckdb
import pytest

from orchestration.deliveries.ledger.ledger import (
    RECEIPT_COLUMNS,
    LedgerError,
    Receipt,
    append,
    last_accepted,
    make_ledger,
    newest_accepted_month,
    newest_receipt_time,
    read_receipts,
)
from orchestration.deliveries.sources.landing import LateDelivery, late_deliveries

RECEIPT = Receipt(
    extract="indicator_returns",
    delivery_month="2022-03",
    file="2022-03/indicator_returns.csv",
    sha256="ab" * 32,
    bytes=1_000,
    mtime_ns=1_900_000_000_123_456_789,
    rules_sha256="cd" * 32,
    rows_in_file=12,
    loaded=10,
    quarantined=1,
    duplicates=1,
    stood_in=0,
    outcome="accepted",
    codes="DATE-FORMAT ROW-DUPLICATE",
    findings=("DATE-FORMAT | …", "ROW-DUPLICATE | …"),
    received_at="2022-04-03T05:00:00+00:00",
    stands_in=None,
)


def at(received_at: str, **changes: object) -> Receipt:
    return dataclasses.replace(RECEIPT, received_at=received_at, **changes)


def test_receipts_are_read_back_in_the_order_of_receipt(desk):
    make_ledger(desk.paths)
    # Ten in London's summer is nine in UTC.
    later = at("2022-04-03T10:00:00+01:00", delivery_month="2022-02")
    earlier = at("2022-04-03T08:59:00+00:00")
    for receipt in (later, earlier):
        append(desk.paths, receipt)
    assert read_receipts(desk.paths) == [earlier, later]
    assert read_receipts(desk.paths, "indicator_returns") == [earlier, later]
    assert read_receipts(desk.paths, "ssd_person") == []


def test_a_receipt_is_never_written_over(desk):
    make_ledger(desk.paths)
    append(desk.paths, RECEIPT)
    append(desk.paths, dataclasses.replace(RECEIPT, loaded=0))
    assert sorted(receipt.loaded for receipt in read_receipts(desk.paths)) == [0, 10]
    for file in desk.paths.receipts.glob("2*.json"):
        assert file.stat().st_mode & 0o222 == 0


def test_duckdb_reads_the_ledger_with_the_columns_given_empty_or_not(desk):
    make_ledger(desk.paths)
    make_ledger(desk.paths)
    query = f"select * from read_json('{desk.paths.receipts}/*.json', columns = {RECEIPT_COLUMNS})"
    with duckdb.connect(":memory:") as connection:
        assert connection.execute(query).fetchall() == []
        append(desk.paths, RECEIPT)
        append(desk.paths, at("2022-04-04T05:00:00+00:00", outcome="refused", stands_in="2022-03"))
        names = [column[0] for column in connection.execute(query).description]
        found = [dict(zip(names, row, strict=True)) for row in connection.fetchall()]
    found.sort(key=lambda row: row["received_at"])
    for name in set(RECEIPT_COLUMNS) - {"received_at"}:
        assert found[0][name] == getattr(RECEIPT, name)
    assert found[0]["received_at"] == datetime.fromisoformat(RECEIPT.received_at)
    assert [row["stands_in"] for row in found] == [None, "2022-03"]


def test_every_field_of_a_receipt_but_the_messages_is_a_column():
    fields = {field.name for field in dataclasses.fields(Receipt)}
    assert fields - set(RECEIPT_COLUMNS) == {"findings"}


def test_the_delivery_in_use_is_the_newest_accepted_of_the_newest_month():
    receipts = [
        at("2022-05-01T05:00:00+00:00", delivery_month="2022-04"),
        at("2022-05-02T05:00:00+00:00", delivery_month="2022-04", loaded=11),
        at("2022-05-03T05:00:00+00:00", delivery_month="2022-03"),
        at("2022-06-01T05:00:00+00:00", delivery_month="2022-05", outcome="refused"),
        at("2022-06-01T05:00:00+00:00", delivery_month="2022-04", outcome="unchanged"),
    ]
    assert last_accepted(receipts) is receipts[1]
    assert last_accepted(receipts, "2022-03") is receipts[2]
    assert last_accepted(receipts, "2022-05") is None
    assert last_accepted([]) is None


@pytest.mark.parametrize("content", ["{", '{"extract": "x"}', "[1]", ""])
def test_a_receipt_that_cannot_be_read_stops_the_ledger(desk, content):
    make_ledger(desk.paths)
    (desk.paths.receipts / "20220403-damaged.json").write_text(content, encoding="utf-8")
    with pytest.raises(LedgerError) as stopped:
        read_receipts(desk.paths)
    parts = str(stopped.value).split(" | ")
    assert parts[:2] == ["LEDGER-UNREADABLE", "20220403-damaged.json"] and len(parts) == 8


def test_only_accepted_deliveries_speak_for_the_data_as_a_whole(desk):
    make_ledger(desk.paths)
    assert (newest_accepted_month(desk.paths), newest_receipt_time(desk.paths)) == ("", "")
    append(desk.paths, RECEIPT)
    append(desk.paths, at("2022-05-03T05:00:00+00:00", delivery_month="2022-04", outcome="refused"))
    assert newest_accepted_month(desk.paths) == "2022-03"
    assert newest_receipt_time(desk.paths) == RECEIPT.received_at
    # an older month accepted later is the newest receipt, but not the newest month
    append(desk.paths, at("2022-06-03T05:00:00+00:00", delivery_month="2022-01"))
    assert newest_accepted_month(desk.paths) == "2022-03"
    assert newest_receipt_time(desk.paths) == "2022-06-03T05:00:00+00:00"
    # a version with other rules checks the same bytes in anew: what they tell is no news
    append(desk.paths, at("2023-01-01T05:00:00+00:00", rules_sha256="ef" * 32))
    assert newest_receipt_time(desk.paths) == "2022-06-03T05:00:00+00:00"
    # other bytes are, and so are those of before, once they come after others
    for day, sha256 in (("02", "99" * 32), ("03", RECEIPT.sha256)):
        append(desk.paths, at(f"2023-01-{day}T05:00:00+00:00", sha256=sha256))
        assert newest_receipt_time(desk.paths) == f"2023-01-{day}T05:00:00+00:00"


@pytest.mark.parametrize(
    ("today", "newest", "late"),
    [
        ((2022, 5, 3), "2022-03", []),
        ((2022, 5, 4), "2022-03", [LateDelivery("2022-04", date(2022, 5, 3))]),
        ((2022, 5, 31), "2022-03", [LateDelivery("2022-04", date(2022, 5, 3))]),
        ((2022, 5, 31), "2022-04", []),
        ((2022, 6, 3), "2022-03", [LateDelivery("2022-04", date(2022, 5, 3))]),
        ((2023, 1, 4), "2022-11", [LateDelivery("2022-12", date(2023, 1, 3))]),
        (
            (2023, 1, 4),
            "2022-10",
            [
                LateDelivery("2022-11", date(2022, 12, 3)),
                LateDelivery("2022-12", date(2023, 1, 3)),
            ],
        ),
        ((2023, 1, 4), None, []),
    ],
)
def test_a_delivery_is_late_from_the_day_after_it_is_due(desk, today, newest, late):
    make_ledger(desk.paths)
    append(desk.paths, at("2022-04-03T05:00:00+00:00", outcome="refused"))
    if newest:
        append(desk.paths, dataclasses.replace(RECEIPT, delivery_month=newest))
    assert late_deliveries(desk.paths, date(*today)) == late
