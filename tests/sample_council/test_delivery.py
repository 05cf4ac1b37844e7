import csv
import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from orchestration.contract.extracts import EXTRACTS, ROW_LEVEL
from orchestration.sample_council import fill, make_council, write_delivery

from .conftest import LAST_MONTH
from .reading import Tables

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?")


@pytest.fixture(scope="module")
def incoming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "incoming"
    fill(folder, size=50, seed=2, last_month=LAST_MONTH)
    return folder


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_newest_month_has_every_file_and_the_35_before_it_the_care_leavers(
    incoming: Path,
) -> None:
    months = sorted(folder.name for folder in incoming.iterdir())

    assert (len(months), months[0], months[-1]) == (36, "2023-04", "2026-03")
    newest = {file.name for file in (incoming / "2026-03").iterdir()}
    assert newest == {extract.file_name for extract in ROW_LEVEL}
    for month in months[:-1]:
        files = {file.name for file in (incoming / month).iterdir()}
        assert files == {"ssd_care_leavers.csv", "ref_code_maps.csv", "extract_manifest.csv"}


def test_headers_are_those_of_the_contract_and_dates_are_iso(incoming: Path) -> None:
    for extract in ROW_LEVEL:
        delivered = read(incoming / "2026-03" / extract.file_name)
        with (incoming / "2026-03" / extract.file_name).open(encoding="utf-8") as lines:
            assert next(csv.reader(lines)) == list(extract.column_names)
        for column in extract.columns:
            if column.type in ("date", "datetime"):
                cells = {row[column.name] for row in delivered} - {""}
                assert all(ISO.fullmatch(cell) for cell in cells), (extract.name, column.name)
            if column.type == "integer":
                assert all(row[column.name].isdigit() or not row[column.name] for row in delivered)


def test_files_hold_what_the_tables_hold(incoming: Path, tiny: Tables) -> None:
    for name, frame in tiny.items():
        if name != "extract_manifest":
            delivered = read(incoming / "2026-03" / f"{name}.csv")
            assert len(delivered) == len(frame), name
            for column in frame:
                filled = [row[column] != "" for row in delivered]
                assert filled == frame[column].notna().tolist(), (name, column)
    referrals = read(incoming / "2026-03" / "ssd_cin_episodes.csv")
    expected = tiny["ssd_cin_episodes"]["cine_referral_date"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    assert [row["cine_referral_date"] for row in referrals] == expected.tolist()


def test_the_manifest_tells_each_files_rows_and_checksum(incoming: Path) -> None:
    for month in ("2024-02", "2026-03"):
        folder = incoming / month
        manifest = {row["extract"]: row for row in read(folder / "extract_manifest.csv")}
        files = {file.stem: file for file in folder.iterdir() if file.stem != "extract_manifest"}
        assert set(manifest) == set(files)
        for name, file in files.items():
            assert manifest[name]["row_count"] == str(len(read(file)))
            assert manifest[name]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        ends = {row["data_as_at"] for row in manifest.values()}
        assert ends == {{"2024-02": "2024-02-29", "2026-03": "2026-03-31"}[month]}
    assert manifest["ssd_cp_plans"]["timeframe_years"] == "6"


def test_the_same_arguments_give_the_same_bytes(incoming: Path, tmp_path: Path) -> None:
    written = fill(tmp_path, size=50, seed=2, last_month=date(2026, 3, 31))

    assert {str(file.relative_to(tmp_path)): file.read_bytes() for file in written} == {
        str(file.relative_to(incoming)): file.read_bytes() for file in incoming.rglob("*.csv")
    }


def test_a_council_that_sends_rows_is_not_mixed_with_the_sample(tmp_path: Path) -> None:
    theirs = tmp_path / "2025-06" / "SSD_Person.csv"
    theirs.parent.mkdir()
    theirs.write_text("theirs", encoding="utf-8")

    assert fill(tmp_path, size=50, last_month=LAST_MONTH) == []
    assert list(tmp_path.rglob("*.csv")) == [theirs]


def test_ready_made_figures_do_not_keep_the_sample_away(tmp_path: Path) -> None:
    figures = tmp_path / "2022-03" / EXTRACTS["indicator_returns"].file_name
    figures.parent.mkdir()
    figures.write_text("figures", encoding="utf-8")

    written = fill(tmp_path, size=50, last_month=LAST_MONTH, months=2)

    assert {file.parent.name for file in written} == {"2026-02", "2026-03"}
    assert figures.read_text(encoding="utf-8") == "figures"


def test_a_table_left_out_is_left_out_of_the_manifest_too(tmp_path: Path) -> None:
    some = dict(make_council(50, last_month=LAST_MONTH, only={"ssd_person", "ssd_cp_plans"}))
    del some["ssd_cp_plans"]

    write_delivery(some, tmp_path)

    assert [row["extract"] for row in read(tmp_path / "extract_manifest.csv")] == ["ssd_person"]
    assert not (tmp_path / "ssd_cp_plans.csv").exists()
