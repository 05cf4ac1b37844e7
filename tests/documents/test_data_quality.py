"""The report on the deliveries behind an edition: what officers are told, and only counts."""

import csv
import io
from dataclasses import replace
from html import escape

from orchestration.catalogue.indicators import Indicator
from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.quality import ExtractQuality, delivery_quality, rows_excluded
from orchestration.documents.data_quality import data_quality_files
from orchestration.documents.edition_files import edition_files
from orchestration.editions.figures import Edition

REFERRALS, ASSESSMENTS = "ssd_cin_episodes", "ssd_cin_assessments"
CATALOGUE = {
    "referrals_count": Indicator("count", "period_flow_count", "financial", (REFERRALS,)),
    "assessments_count": Indicator(
        "count", "period_flow_count", "financial", (f"{ASSESSMENTS}|{REFERRALS}",)
    ),
    "cic_count": Indicator("count", "snapshot_count", "financial", ("ssd_cla_episodes",)),
}


def receipt(extract: str = REFERRALS, month: str = "2019-09", **more: object) -> Receipt:
    facts: dict[str, object] = {
        "extract": extract,
        "delivery_month": month,
        "file": f"{month}/{extract}.csv",
        "sha256": "0" * 64,
        "bytes": 1,
        "mtime_ns": 1,
        "rules_sha256": "",
        "rows_in_file": 1_204,
        "loaded": 1_200,
        "quarantined": 3,
        "duplicates": 1,
        "stood_in": 0,
        "outcome": "accepted",
        "codes": "DATE-FORMAT ROW-DUPLICATE",
        "findings": (),
        "received_at": f"{month}-30T05:00:00+00:00",
        "stands_in": None,
        "as_at": f"{month}-30",
        "counts": {"DATE-FORMAT": 3, "ROW-DUPLICATE": 1},
    }
    return Receipt(**{**facts, **more})  # type: ignore[arg-type]


def refused(month: str = "2019-09", extract: str = REFERRALS) -> Receipt:
    nothing = dict.fromkeys(("rows_in_file", "loaded", "quarantined", "duplicates"), 0)
    codes = {"codes": "FILE-NO-EOL VOLUME-DROP", "counts": {"FILE-NO-EOL": 1, "VOLUME-DROP": 1}}
    return receipt(extract, month, outcome="refused", **nothing, **codes)


def of(*receipts: Receipt) -> ExtractQuality:
    [found] = [
        each
        for each in delivery_quality(receipts, CATALOGUE, "2019-09")
        if each.extract.name == REFERRALS
    ]
    return found


def told(edition: Edition, *receipts: Receipt) -> tuple[str, list[dict[str, str]]]:
    """The page, and the rows of the table."""
    files = data_quality_files(edition, delivery_quality(receipts, CATALOGUE, "2019-09"))
    text = io.StringIO(files["data_quality.csv"].decode("utf-8"), newline="")
    return files["data_quality.html"].decode("utf-8"), list(csv.DictReader(text))


def test_the_newest_month_counts_and_the_same_bytes_again_are_no_news() -> None:
    older, newer = receipt(month="2019-08"), receipt(month="2019-09")
    again = replace(newer, outcome="unchanged", counts={"DUP-DELIVERY": 1})
    assert of(newer, older, again).newest == newer
    assert of(newer, older, again).in_use == newer
    assert of(older, refused()).in_use == older
    assert of(older, refused()).refused_code == "VOLUME-DROP"
    assert of(older, refused(), newer).refused_code is None
    assert of().newest is None


def test_what_was_set_aside_is_counted_for_every_indicator_that_needs_the_extract() -> None:
    quality = delivery_quality(
        [receipt(), receipt(ASSESSMENTS, quarantined=2)], CATALOGUE, "2019-09"
    )
    assert rows_excluded(quality)["referrals_count"] == 3
    assert rows_excluded(quality)["assessments_count"] == 5
    assert rows_excluded(quality)["cic_count"] == 0
    older = receipt(month="2019-08", quarantined=4)
    assert (
        rows_excluded(delivery_quality([older, refused()], CATALOGUE, "2019-09"))["referrals_count"]
        == 4
    )


def test_reference_data_hold_without_an_age() -> None:
    [population] = delivery_quality(
        [receipt("ref_population")], CATALOGUE, "2019-09", [EXTRACTS["ref_population"]]
    )
    assert population.as_at is None


def test_a_receipt_from_before_it_said_what_it_covers_covers_its_month() -> None:
    assert str(of(receipt(month="2019-09", as_at="")).as_at) == "2019-09-30"


def test_a_refused_file_says_on_which_data_the_figures_stand(edition: Edition) -> None:
    first = edition.rows[0]
    needs = {first.indicator_id: Indicator("count", "snapshot_count", "financial", (REFERRALS,))}
    quality = delivery_quality([receipt(month="2019-08"), refused()], needs, "2019-09")
    page = data_quality_files(edition, quality)["data_quality.html"].decode("utf-8")
    assert f"It concerns {escape(first.name)}." in page
    page, rows = told(edition, receipt(month="2019-08"), refused())
    assert "Newer extract refused: VOLUME-DROP" in page
    assert "figures stand on data as at 30 August 2019." in page
    row = next(row for row in rows if row["extract"] == REFERRALS)
    assert (row["newest_outcome"], row["refused_code"]) == ("refused", "VOLUME-DROP")
    assert (row["month_in_use"], row["data_as_at"]) == ("2019-08", "2019-08-30")
    assert row["indicators"].split() == ["referrals_count", "assessments_count"]


def test_a_first_file_that_is_refused_says_that_there_is_no_data(edition: Edition) -> None:
    page, _ = told(edition, refused())
    assert "nothing was accepted before, so its figures show no data" in page


def test_a_month_without_a_file_and_old_data_are_told(edition: Edition) -> None:
    missing = receipt(month="2019-09", outcome="missing", counts={"FILE-MISSING": 1})
    page, _ = told(edition, receipt(month="2019-08"), missing)
    assert "Not delivered for September 2019; figures stand on data as at 30 August 2019" in page
    later = replace(missing, delivery_month="2019-10")
    page, _ = told(edition, receipt(), later)
    assert "October" not in page
    page, _ = told(edition, receipt(month="2019-06"))
    assert "Old: figures stand on data as at 30 June 2019, 92 days before this edition" in page
    page, _ = told(edition, receipt())
    assert "Nothing: the newest file of every extract" in page
    assert "Extracts delivered: 1. Accepted and up to date: 1." in page


def test_rows_add_up_and_every_rule_has_its_count(edition: Edition) -> None:
    page, rows = told(edition, receipt())
    mine = [row for row in rows if row["extract"] == REFERRALS]
    assert {row["rule"]: row["rule_count"] for row in mine} == {
        "DATE-FORMAT": "3",
        "ROW-DUPLICATE": "1",
    }
    assert {row["rule_kind"] for row in mine} == {"rows set aside", "remark"}
    for row in rows:
        parts = ("rows_loaded", "rows_set_aside", "rows_repeated")
        assert int(row["rows_in_file"]) == sum(int(row[part]) for part in parts)
    assert "1,204" in page
    assert {row["extract"] for row in rows} == {extract.name for extract in ROW_LEVEL}


def test_what_never_came_is_listed(edition: Edition) -> None:
    page, rows = told(edition, receipt())
    assert f"<li>{EXTRACTS[ASSESSMENTS].title}</li>" in page
    assert next(row for row in rows if row["extract"] == ASSESSMENTS)["newest_outcome"] == (
        "never delivered"
    )


def test_a_figure_says_that_a_newer_file_was_refused(edition: Edition) -> None:
    first = edition.rows[0]
    needs = {first.indicator_id: Indicator("count", "snapshot_count", "financial", (REFERRALS,))}
    quality = delivery_quality([receipt(month="2019-08"), refused()], needs, "2019-09")
    title = EXTRACTS[REFERRALS].title
    note = f"ata as at 30 August 2019, newer extract of {title} refused: VOLUME-DROP"
    files = edition_files(edition, quality, "the team")
    assert f"D{note}" in files["dashboard.html"].decode("utf-8")
    table = csv.DictReader(
        io.StringIO(files["officers-only_all_indicators.csv"].decode("utf-8-sig"), newline="")
    )
    told = {row["indicator_id"]: (row["data_note"], row["rows_excluded"]) for row in table}
    assert told.pop(first.indicator_id) == (f"d{note}", "3")
    assert set(told.values()) == {("", "")}
