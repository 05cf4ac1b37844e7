"""What counts as new for `make run` (what it does then is in test_history.py)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orchestration.publication import last_run
from orchestration.publication.last_run import made_from, nothing_new, remember
from orchestration.settings import Settings, from_environment

TODAY = date(2026, 4, 3)
SETTINGS = {"KPI_CONTACT": "the team"}


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation in small, as a whole job has just left it."""
    monkeypatch.setattr(last_run, "PROJECT", tmp_path)
    found = replace(
        from_environment({"KPI_DATA": str(tmp_path / "data")} | SETTINGS),
        exports=tmp_path / "exports",
        seeds=tmp_path / "seeds",
    )
    for file in (
        *("orchestration/a.py", "dbt_project/b.sql", "seeds/reference/targets.csv"),
        *("data/incoming/2026-03/ssd_person.csv", "data/raw/ssd_person/2026-03.parquet"),
        *("data/warehouse/published.duckdb", "data/alerts/outbox.sqlite"),
        *("exports/officers/E06000005/2026-03/dashboard.html", "exports/index.html"),
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("as it was", encoding="utf-8")
    remember(found, made_from(found, SETTINGS, TODAY))
    return found


def test_nothing_is_new_where_all_is_as_the_last_run_left_it(where: Settings) -> None:
    told = nothing_new(where, SETTINGS, TODAY)
    assert told.startswith("nothing is new since the whole job of 20"), told
    # what dbt is told by variables is in the settings already
    assert nothing_new(where, SETTINGS | {"KPI_WAREHOUSE": "build.duckdb"}, TODAY) == told


def _write(file: str) -> Callable[[Path], object]:
    def write(home: Path) -> None:
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_text("otherwise", encoding="utf-8")

    return write


def _remove(file: str) -> Callable[[Path], object]:
    return lambda home: (home / file).unlink()


@pytest.mark.parametrize(
    "change",
    [
        _write("data/incoming/2026-03/ssd_person.csv"),
        _write("data/incoming/2026-04/ssd_person.csv"),
        _remove("data/incoming/2026-03/ssd_person.csv"),
        _write("seeds/reference/targets.csv"),
        _write("seeds/reference/routing.csv"),
        _write("orchestration/a.py"),
        _write("dbt_project/b.sql"),
        _write("data/raw/ssd_person/2026-03.parquet"),
        _remove("data/raw/ssd_person/2026-03.parquet"),
        _write("data/warehouse/published.duckdb"),
        _remove("data/warehouse/published.duckdb"),
        _remove("data/alerts/outbox.sqlite"),
        _write("exports/officers/E06000005/2026-03/dashboard.html"),
        _remove("exports/officers/E06000005/2026-03/dashboard.html"),
        _remove("exports/index.html"),
        _write("data/last_run.json"),
        _remove("data/last_run.json"),
    ],
)
def test_whatever_changed_is_run(
    where: Settings, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    change(tmp_path)
    assert nothing_new(where, SETTINGS, TODAY) == ""


def test_another_day_another_setting_and_a_database_are_run(where: Settings) -> None:
    assert nothing_new(where, SETTINGS, date(2026, 4, 4)) == ""
    assert nothing_new(where, SETTINGS | {"KPI_ALERT_TO": "a@example.org"}, TODAY) == ""
    assert nothing_new(replace(where, as_at="2026-02"), SETTINGS, TODAY) == ""
    assert nothing_new(replace(where, source_url="sqlite://"), SETTINGS, TODAY) == ""


def test_packs_and_history_are_not_the_jobs_own(where: Settings, tmp_path: Path) -> None:
    _write("exports/packs/2026-05-14/issue-1/manifest.json")(tmp_path)
    # a pack stands in it
    _write("exports/index.html")(tmp_path)
    _write("data/dagster/history/runs.db")(tmp_path)
    assert nothing_new(where, SETTINGS, TODAY)
