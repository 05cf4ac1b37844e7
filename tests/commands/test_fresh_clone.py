"""What a fresh clone's drop folder is filled with, and when it is left alone."""

import csv
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from orchestration import sample_council
from orchestration.commands import fresh_clone
from orchestration.commands.fresh_clone import fill, main
from orchestration.contract.extracts import INDICATOR_RETURNS, ROW_LEVEL
from orchestration.reference.geographies import read_row_level_council
from orchestration.reference.tables import Reference
from orchestration.settings import PROJECT

SEEDS = PROJECT / "seeds"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    incoming = tmp_path_factory.mktemp("data") / "incoming"
    assert fill(incoming, SEEDS, size=50, months=2) == ["2022-03", "2026-02", "2026-03"]
    return incoming


@pytest.fixture
def other_seeds(tmp_path: Path) -> Path:
    """Seeds in which Wokingham sends the rows."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    named = tmp_path / "seeds" / "reference" / "row_level_council.csv"
    named.write_text("geography_code\nE06000041\n", encoding="utf-8")
    return tmp_path / "seeds"


def use(monkeypatch: pytest.MonkeyPatch, incoming: Path, seeds: Path) -> None:
    settings = replace(fresh_clone.settings, data=incoming.parent, seeds=seeds)
    monkeypatch.setattr(fresh_clone, "settings", settings)


def test_an_empty_drop_folder_gets_the_published_figures_and_every_extract_of_the_sample(
    filled: Path,
) -> None:
    files = {path.relative_to(filled).as_posix() for path in filled.rglob("*") if path.is_file()}
    assert f"2022-03/{INDICATOR_RETURNS.file_name}" in files
    assert {f"2026-03/{extract.file_name}" for extract in ROW_LEVEL} <= files
    assert "2026-02/ssd_care_leavers.csv" in files
    assert {path.name for path in filled.iterdir()} == {"2022-03", "2026-02", "2026-03"}


def test_a_drop_folder_with_any_delivery_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "2019-09" / "indicator_returns.csv"
    theirs.parent.mkdir()
    theirs.write_text("theirs", encoding="utf-8")
    assert fill(tmp_path, SEEDS, size=50, months=2) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]


def test_months_made_ready_but_empty_are_no_delivery(tmp_path: Path) -> None:
    (tmp_path / "2026-03").mkdir()
    assert fill(tmp_path, SEEDS, size=50, months=1) == ["2022-03", "2026-03"]
    assert (tmp_path / "2026-03" / "ssd_person.csv").exists()


def test_what_a_filling_that_was_stopped_has_left_is_made_anew(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(sample_council, "fill", stopped)
        fill(tmp_path, SEEDS, size=50, months=2)
    assert not fresh_clone.holds_a_delivery(tmp_path)
    fill(tmp_path, SEEDS, size=50, months=2)
    assert {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.csv")} == {
        path.relative_to(filled): path.read_bytes() for path in filled.rglob("*.csv")
    }


def test_published_figures_that_are_damaged_are_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("catalogue", "reference"):
        shutil.copytree(SEEDS / folder, tmp_path / folder)
    returns = shutil.copytree(SEEDS / "returns", tmp_path / "returns")
    figures, months = (
        returns / "published_council_figures.csv",
        returns / "referrals_by_month.parquet",
    )
    lines = figures.read_text(encoding="utf-8").splitlines()
    assert "2020-03-31" in lines[2]
    lines[2] = lines[2].replace("2020-03-31", "31 Murch")
    figures.write_text("\n".join(lines), encoding="utf-8-sig")
    months.write_bytes(b"no Parquet")

    assert fill(tmp_path / "first", tmp_path, size=50, months=1) == ["2022-03", "2026-03"]
    [row, file] = capsys.readouterr().out.splitlines()
    where = "REFERENCE-TYPE | returns/published_council_figures.csv | row 3, column period_end |"
    assert row.startswith(where) and "Murch" not in row
    assert file.startswith("REFERENCE-UNREADABLE | returns/referrals_by_month.parquet |")
    with (tmp_path / "first" / "2022-03" / INDICATOR_RETURNS.file_name).open() as told:
        assert len(list(csv.DictReader(told))) == len(lines) - 2

    figures.unlink()
    assert fill(tmp_path / "second", tmp_path, size=50, months=1) == ["2026-03"]


def test_another_council_is_never_mixed_with_the_sample(
    tmp_path: Path,
    other_seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    incoming = tmp_path / "data" / "incoming"
    assert fill(incoming, other_seeds) == []
    assert not incoming.exists()
    use(monkeypatch, incoming, other_seeds)
    assert main() == 1
    assert f"put your files into {incoming}/<YYYY-MM>/" in capsys.readouterr().out

    fill(incoming, SEEDS, size=50, months=1)
    assert main() == 1
    assert "E06000041 begins with an empty data folder" in capsys.readouterr().out


def test_another_councils_own_rows_are_run_without_a_word(
    tmp_path: Path,
    other_seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    manifest = tmp_path / "incoming" / "2026-03" / "extract_manifest.csv"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("extract,source_system\nssd_person,Mosaic\n", encoding="utf-8")
    use(monkeypatch, tmp_path / "incoming", other_seeds)
    assert main() == 0
    assert capsys.readouterr().out == ""


def test_the_first_run_says_what_was_put_in_and_the_second_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fresh_clone, "fill", partial(fill, size=50, months=1))
    use(monkeypatch, tmp_path / "incoming", SEEDS)
    assert main() == 0
    assert "Sample Borough, a made-up council, to 2026-03" in capsys.readouterr().out
    assert main() == 0
    assert capsys.readouterr().out == ""


def test_the_reference_data_know_the_sample_as_synthetic_by_its_name_and_codes() -> None:
    assert read_row_level_council(Reference(SEEDS)) == sample_council.GEOGRAPHY_CODE
    with (SEEDS / "reference" / "authorities.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = [row for row in csv.DictReader(lines) if row["authority_status"] == "synthetic"]
    assert row["geography_code"] == sample_council.GEOGRAPHY_CODE
    assert row["old_la_code"] == sample_council.OLD_LA_CODE
    assert row["geography_name"] == f"{sample_council.GEOGRAPHY_NAME} (synthetic sample data)"
