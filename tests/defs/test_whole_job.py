"""The main job from the drop folder to exports and alerts, on what a fresh clone is filled with."""

import csv
import json
from datetime import date

import dagster as dg
import duckdb
import pytest

from orchestration.mart.code_version import code_version
from orchestration.publication.manifest import verify
from orchestration.settings import settings

SAMPLE = settings.edition_folder("X06000001", date(2026, 3, 31))
DARLINGTON = settings.edition_folder("E06000005", date(2019, 9, 30))
WOKINGHAM = settings.edition_folder("E06000041", date(2022, 3, 31))


def metadata_of(result: dg.ExecuteInProcessResult, key: list[str]) -> dict[str, object]:
    *_, found = [  # a month that waited has an event of its own before it
        event.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(key)
    ]
    return {name: value.value for name, value in found.items()}


def test_every_asset_is_materialised_and_only_the_samples_planted_faults_are_warned_of(
    whole_job: dg.ExecuteInProcessResult,
) -> None:
    assert whole_job.success
    done = {event.asset_key for event in whole_job.get_asset_materialization_events()}
    expected = {
        key
        for key in whole_job.job_def.asset_layer.executable_asset_keys  # all but files on disk
    }
    assert expected <= done
    failed = [
        check
        for check in whole_job.get_asset_check_evaluations()
        # what is below target is no fault of the data
        if not check.passed and not check.check_name.endswith("_on_target")
    ]
    assert {(check.check_name, check.severity) for check in failed} == {
        ("accepted", dg.AssetCheckSeverity.WARN)
    }
    assert all(check.asset_key.path[1].startswith(("ssd_", "ext_")) for check in failed)


def test_materialisations_carry_row_counts_as_at_and_paths(
    whole_job: dg.ExecuteInProcessResult,
) -> None:
    counts = {
        event.partition: event.materialization.metadata["dagster/row_count"].value
        for event in whole_job.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(["raw", "indicator_returns"])
    }
    assert counts == {"2022-03": 19_449 + 48, "2026-03": 0}, "each month has its own rows"
    mart = metadata_of(whole_job, ["marts", "dim_indicator"])
    assert (mart["dagster/row_count"], mart["as_at"]) == (66, "2026-03")
    exports = metadata_of(whole_job, ["exports", "officer_editions"])
    assert exports["Darlington 2019-09"] == str(DARLINGTON)
    assert exports["Darlington 2019-09: as at"] == "2019-09-30"


def _index() -> str:
    """The officers' part of the index; what comes before are packs."""
    index = (settings.exports / "index.html").read_text(encoding="utf-8")
    return index.split('id="officers"')[1]


def test_three_editions_are_published_whole(whole_job: dg.ExecuteInProcessResult) -> None:
    for folder in (SAMPLE, DARLINGTON, WOKINGHAM):
        marked = "officers-only_synthetic-sample" if folder == SAMPLE else "officers-only"
        names = {path.name for path in folder.iterdir()}
        assert names == {
            *(f"{marked}_dashboard_{number}.csv" for number in range(1, 9)),
            "READ-ME-FIRST.txt",
            "alerts.json",
            "alerts_digest.md",
            f"{marked}_all_indicators.csv",
            "dashboard.html",
            f"{marked}_data_quality.csv",
            "data_quality.html",
            "manifest.json",
            *([f"{marked}_breakdowns.csv"] if folder == SAMPLE else []),
            # Wokingham's newest figures are too old to speak for or against anything
            *([f"{marked}_areas_for_improvement.csv"] if folder != WOKINGHAM else []),
        }
        assert verify(folder) == []
    places = [
        _index().index(f"<h3>{name}") for name in ("Sample Borough", "Wokingham", "Darlington")
    ]
    assert places == sorted(places), "newest first"


def test_every_file_about_the_sample_says_that_it_is_synthetic_and_no_file_about_a_council_does(
    whole_job: dg.ExecuteInProcessResult,
) -> None:
    said = "Synthetic sample data – not about real children or a real council"
    for path in SAMPLE.iterdir():
        is_said = said in path.read_text(encoding="utf-8")
        assert is_said != ("_synthetic-sample_" in path.name), path.name
    for path in [*DARLINGTON.iterdir(), *WOKINGHAM.iterdir()]:
        assert said not in path.read_text(encoding="utf-8") and "synthetic" not in path.name, path
    assert said in _index().split("<h3>Sample Borough")[1].split("<h3>")[0]
    assert _index().count(said) == 1


def test_the_manifest_says_what_the_files_were_made_from(
    whole_job: dg.ExecuteInProcessResult,
) -> None:
    manifest = json.loads((DARLINGTON / "manifest.json").read_text(encoding="utf-8"))
    with dg.DagsterInstance.get() as instance:  # another test may have run the job again
        assert instance.get_run_by_id(manifest["run_id"]).job_name == "monthly_kpis"
    assert manifest["as_at"] == "2019-09-30"
    assert manifest["generation"] >= 1
    assert manifest["code_version"] == code_version()
    assert manifest["marking"] == "Officers only – not for publication"
    assert manifest["files"]["officers-only_all_indicators.csv"]["rows"] == 66


def test_the_dashboards_hold_every_indicator_once(whole_job: dg.ExecuteInProcessResult) -> None:
    seen: list[str] = []
    for number in range(1, 9):
        path = DARLINGTON / f"officers-only_dashboard_{number}.csv"
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert {row["dashboard_no"] for row in rows} == {str(number)}
        seen += [row["indicator_id"] for row in rows]
    assert len(seen) == len(set(seen)) == 66


@pytest.mark.parametrize(
    ("indicator", "value", "verdict"),
    [
        ("assessments_within_45wd_pct", "92.7", "green"),
        ("cp_visits_within_10wd_pct", "73.8", "red"),
        ("cic_statutory_visits_in_timescale_pct", "86.3", "amber"),
        ("cl_neet_pct", "23.1", ""),
    ],
)
def test_darlingtons_quarter_2_reads_as_its_paper_did(
    whole_job: dg.ExecuteInProcessResult, indicator: str, value: str, verdict: str
) -> None:
    path = DARLINGTON / "officers-only_all_indicators.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = [row for row in csv.DictReader(lines) if row["indicator_id"] == indicator]
    assert (row["value"], row["rag"]) == (value, verdict)
    if indicator == "cl_neet_pct":
        assert row["previous_in_words"] == "6.5 points lower than the quarter before (better)"


def test_only_agreed_targets_alert_and_the_digest_is_the_delivery_without_a_channel(
    whole_job: dg.ExecuteInProcessResult,
) -> None:
    states = {
        state["indicator_id"]: state["state"]
        for state in json.loads((DARLINGTON / "alerts.json").read_text(encoding="utf-8"))["states"]
    }
    assert states["cp_visits_within_10wd_pct"] == "below"
    assert states["cic_statutory_visits_in_timescale_pct"] == "below", "for two quarters running"
    assert states["assessments_within_45wd_pct"] == "ok"
    assert "cl_neet_pct" not in states, "no target was agreed"
    delivery = str(metadata_of(whole_job, ["alerts", "alert_states"])["delivery"])
    assert "the digest file is the delivery" in delivery


def test_analysts_open_tables_of_the_marts_and_nothing_else(
    whole_job: dg.ExecuteInProcessResult,
) -> None:
    with duckdb.connect(str(settings.published_warehouse), read_only=True) as published:
        schemas = published.sql(
            "select distinct table_schema, table_type from information_schema.tables"
        ).fetchall()
    assert schemas == [("marts", "BASE TABLE")]
