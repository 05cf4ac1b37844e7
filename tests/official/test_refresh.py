"""`make benchmarks` against a server on loopback: what is read, what it changes, what is said."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.official.refresh import write
from orchestration.settings import settings
from tests.official.api import version
from tests.official.conftest import REFERRALS, Council, as_csv, codes

LAST = date(2025, 3, 31)
NEXT = {"time_period": "2026"}
BARNSLEY = {"old_la_code": "370"}


def last_year(council: Council) -> list[dict[str, str]]:
    return [row for row in council.cells if row["time_period"] == "2025"]


def test_what_is_published_already_changes_nothing(council: Council) -> None:
    before = council.file.read_bytes()
    council.publish()
    found = council.refresh()
    assert found.faults == []
    assert [each.read for each in found.comparisons] == [2124, 2105]
    assert not found.is_written
    assert council.file.read_bytes() == before


def test_the_shipped_file_written_again_is_the_same_bytes(tmp_path: Path) -> None:
    shipped = settings.seeds / "benchmarks" / "benchmarks.parquet"
    rows = pq.read_table(shipped).to_pylist()
    write(rows[::-1], tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == shipped.read_bytes()


def test_a_new_year_is_added_and_counted_and_the_file_is_right_afterwards(
    council: Council,
) -> None:
    council.cells += [row | NEXT for row in last_year(council)]
    # DfE's newest files have Barnsley's code of today, the older ones the one that it had
    council.changed({"new_la_code": "E08000038"}, **BARNSLEY, **NEXT)
    council.changed(
        {"new_la_code": "E08000016", "referral_count": "4000"}, **BARNSLEY, time_period="2025"
    )
    council.changed(
        {"rereferral_percent": "c", "rereferral_count": "c"}, **BARNSLEY, time_period="2025"
    )
    council.publish()
    found = council.refresh()
    assert [each for each in found.faults if not each.is_remark] == []
    areas = sum(row["referral_count"] != "c" for row in last_year(council))
    said = list(found.summary())
    assert f"referrals_count, 2025/26: {areas} added" in said
    assert "referrals_count, 2024/25: 1 changed" in said
    assert "rereferrals_12m_pct, 2024/25: 1 gone" in said
    table = council.reference.table("benchmarks")
    assert table.faults == ()
    assert len(table.rows) == found.rows
    old = council.figure("referrals_count", "E08000038", LAST)
    new = council.figure("referrals_count", "E08000038", date(2026, 3, 31))
    assert old and new
    assert old["value"] == 4000
    assert new["period_label"] == "2025/26"
    assert council.figure("rereferrals_12m_pct", "E08000038", LAST) is None
    # a second time there is nothing to do
    assert not council.refresh().is_written


def test_the_change_list_and_the_answers_are_kept_as_a_receipt(council: Council) -> None:
    council.changed({"referral_count": "632840"}, geographic_level="National", time_period="2025")
    council.publish()
    council.api.changes[REFERRALS, "1.0"] = {"notes": "First published."}
    found = council.refresh()
    with (found.receipts / "changes.csv").open(encoding="utf-8") as file:
        [change] = [row for row in csv.DictReader(file) if row["indicator_id"] == "referrals_count"]
    assert (change["change"], change["geography_code"]) == ("changed", "E92000001")
    assert (change["value_before"], change["value_now"]) == ("632830", "632840")
    assert "referrals_count, 2024/25: 1 changed" in (found.receipts / "changes.md").read_text()
    kept = json.loads((found.receipts / f"{REFERRALS}_v1.0.changes.json").read_bytes())
    assert kept["notes"] == "First published."
    assert (found.receipts / f"{REFERRALS}_v1.0.csv.gz").read_bytes()[:2] == b"\x1f\x8b"


@pytest.mark.parametrize("symbol", ["c", "x", "z", "k", ":", "~", "u", "low", "", "[c]"])
def test_a_symbol_is_no_row_and_never_zero(council: Council, symbol: str) -> None:
    cells = {"referral_count": symbol, "rereferral_count": symbol, "rereferral_percent": symbol}
    council.changed(cells, old_la_code="841", time_period="2025")
    council.publish()
    found = council.refresh()
    assert found.faults == []
    assert council.figure("referrals_count", "E06000005", LAST) is None
    assert council.figure("rereferrals_12m_pct", "E06000005", LAST) is None
    assert found.rows == 2124 + 2105 - 2


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("in_order", [True, False])
def test_columns_in_any_order_and_a_byte_order_mark(
    council: Council, in_order: bool, mark: str
) -> None:
    if not in_order:
        council.cells = [dict(reversed(row.items())) for row in council.cells]
    council.api.publish(REFERRALS, "1.0", mark + as_csv(council.cells))
    found = council.refresh()
    assert found.faults == []
    assert [each.read for each in found.comparisons] == [2124, 2105]


def test_two_years_in_the_period_are_the_financial_year(council: Council) -> None:
    for row in council.cells:
        year = int(row["time_period"])
        row |= {"time_period": f"{year - 1}{year % 100}", "time_identifier": "Financial year"}
    council.publish()
    found = council.refresh()
    assert found.faults == []
    assert [(each.read, each.changes) for each in found.comparisons] == [(2124, []), (2105, [])]


def test_an_authority_is_known_by_its_number_whatever_code_it_has(council: Council) -> None:
    council.changed({"new_la_code": "E06999999"}, old_la_code="841")
    council.publish()
    assert council.refresh().faults == []


def test_a_number_and_a_code_of_two_authorities_are_told_and_left_out(council: Council) -> None:
    council.changed({"new_la_code": "E06000041"}, old_la_code="841")
    council.changed({"old_la_code": "999"}, old_la_code="370")
    council.publish()
    found = council.refresh()
    assert set(codes(found)) == {"OFFICIAL-ROW"}
    assert not found.is_written
    assert council.figure("referrals_count", "E06000005", LAST)


def test_other_levels_and_kinds_of_period_are_not_read(council: Council) -> None:
    first = council.cells[0]
    council.cells += [
        first | {"geographic_level": "Local authority district"},
        first | {"time_identifier": "Calendar year"},
    ]
    council.publish()
    found = council.refresh()
    assert found.faults == []
    assert not found.is_written


def test_a_figure_keeps_its_sides_where_the_file_has_none(council: Council) -> None:
    table = council.seeds / "benchmarks" / "official_data_sets.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(
        text.replace("rereferral_percent,rereferral_count,referral_count", "rereferral_percent,,")
    )
    council.publish()
    assert not council.refresh().is_written


def test_a_newer_version_is_told_with_what_it_changed_and_is_not_read(council: Council) -> None:
    council.publish()
    council.publish("1.1", published="2026-03-01")
    council.cells = [row for row in council.cells if row["time_period"] != "2013"]
    council.publish("2.0", published="2026-10-29")
    period = {"code": "RY", "period": "2013", "label": "2013"}
    council.api.changes[REFERRALS, "2.0"] = {
        "majorChanges": {
            "timePeriods": [{"previousState": period, "currentState": None}],
            "filterOptions": [
                {"filter": {"id": "a"}, "options": [{"previousState": {"id": "b"}}]},
            ],
        },
        "minorChanges": {"indicators": [{"currentState": {"id": "c", "column": "more"}}]},
    }
    found = council.refresh()
    minor, major = found.faults
    assert (minor.code, minor.is_remark, major.is_remark) == ("OFFICIAL-NEWER", True, True)
    assert "minor version 1.1 is out; only values changed" in str(minor)
    assert "major version 2.0 is out; gone: 1 labels of filters, 1 periods" in str(major)
    assert "new or changed: 1 columns of figures" in str(major)
    assert "version 1.0 is used" in str(major)
    files = [path for path in council.api.asked if "/csv" in path]
    assert [path.split("=")[1] for path in files] == ["1.0"]
    assert (found.receipts / f"{REFERRALS}_v2.0.changes.json").is_file()
    [due] = [line for line in found.said if "next release" in line]
    assert "expected about October 2027, a year after the last one (29 October 2026)" in due


def test_a_release_that_is_late_may_be_out_by_now(council: Council) -> None:
    council.publish(published="2025-10-30")
    [due] = [line for line in council.refresh().said if "next release" in line]
    assert due.endswith("DfE announces the day - it may be out by now")


def test_versions_on_several_pages_are_all_read(council: Council) -> None:
    council.publish()
    for number in range(1, 25):
        council.api.publish(REFERRALS, f"1.{number}", "a\n")
    assert len(council.refresh().faults) == 24


@pytest.mark.parametrize("name", ["{}_v1.0.csv", "{}_v1.0.csv.gz"])
def test_a_file_beside_it_is_read_in_place_of_the_service(council: Council, name: str) -> None:
    import gzip

    downloads = council.seeds / "benchmarks" / "downloads"
    downloads.mkdir()
    council.changed({"referral_count": "632840"}, geographic_level="National", time_period="2025")
    text = as_csv(council.cells).encode()
    file = downloads / name.format(REFERRALS)
    file.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    (downloads / f"{REFERRALS}_v1.1.csv").write_bytes(text)
    found = council.refresh()
    assert council.api.asked == []
    assert codes(found) == ["OFFICIAL-UNUSED"]
    assert found.is_written
    assert any("not known when the next release is due" in line for line in found.said)


def test_without_network_the_next_release_is_due_by_what_was_said_last(council: Council) -> None:
    downloads = council.seeds / "benchmarks" / "downloads"
    downloads.mkdir()
    (downloads / f"{REFERRALS}_v1.0.csv").write_text(as_csv(council.cells), encoding="utf-8")
    answered = council.data / "2026-10-29T060000Z" / f"{REFERRALS}.versions.json"
    answered.parent.mkdir(parents=True)
    answered.write_text(json.dumps([version("1.0", 1, "2026-10-29")]), encoding="utf-8")
    assert any("expected about October 2027" in line for line in council.refresh().said)


def test_a_patch_is_told_as_one(council: Council) -> None:
    council.publish()
    council.publish("1.0.1")
    [patch] = council.refresh().faults
    assert "patch version 1.0.1 is out" in str(patch)


def test_an_unpinned_table_fetches_nothing(council: Council) -> None:
    table = council.seeds / "benchmarks" / "official_data_sets.csv"
    table.write_text(table.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    found = council.refresh()
    assert (found.faults, council.api.asked, found.is_written) == ([], [], False)


def test_the_figures_are_kept_to_six_places(council: Council) -> None:
    council.changed(
        {"rereferral_percent": "22.69999999999999"}, geographic_level="National", time_period="2025"
    )
    council.changed(
        {"referral_count": "6.3283e+05"}, geographic_level="National", time_period="2025"
    )
    council.publish()
    assert council.refresh().faults == []
    found = council.figure("rereferrals_12m_pct", "E92000001", LAST)
    assert found and found["value"] == Decimal("22.7")
