"""What stays published when something goes wrong, and what the run says then."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.definitions import defs
from orchestration.settings import settings

COLUMNS = (
    "indicator_id,geography_code,period_type,period_start,period_end,numerator,denominator,value,"
    "source_note"
)
GOOD = "cic_count,E06000005,month,2022-04-01,2022-04-30,281,,,"
NEWEST = "2026-03"
SECRET = "Zoë-O'Secret-77"


def run(month: str, **more: object) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.get() as instance:
        return (
            defs()
            .resolve_job_def("monthly_kpis")
            .execute_in_process(
                partition_key=month, instance=instance, raise_on_error=False, **more
            )
        )


def published() -> dict[str, str]:
    """Path -> sha256 of everything in exports, manifests (which name the run) left out."""
    return {
        str(path.relative_to(settings.exports)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(settings.exports.rglob("*"))
        if path.is_file() and path.name != "manifest.json" and not path.name.startswith(".")
    }


@pytest.fixture
def delivery(whole_job: object) -> Path:
    """Where a further month's file goes; gone again after the test."""
    assert whole_job
    file = settings.incoming / "2022-04" / "indicator_returns.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    yield file
    shutil.rmtree(file.parent)
    (settings.raw / "indicator_returns" / "2022-04.parquet").unlink(missing_ok=True)


def finding_of(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    (check,) = [
        evaluation
        for evaluation in result.get_asset_check_evaluations()
        if evaluation.asset_key == dg.AssetKey(["raw", "indicator_returns"])
    ]
    return check


@pytest.mark.parametrize(
    ("content", "code", "column"),
    [
        (f"{COLUMNS}\n{GOOD}\n".replace(",numerator", ""), "HEADER-COLUMNS", "numerator"),
        (f"{COLUMNS}\n{GOOD}\n".replace("cic_count", SECRET), "INDICATOR-UNKNOWN", "indicator_id"),
        (f"{COLUMNS}\n{GOOD}\n".replace("2022-04-01", "31/02/2022"), "DATE-", "period_start"),
        (f"{COLUMNS}\n{GOOD}\n".replace("281", SECRET), "NUMBER-FORMAT", "numerator"),
        (f"{COLUMNS}\n{GOOD}\n{GOOD.replace('281', '282')}\n", "KEY-CONFLICT", ""),
    ],
)
def test_a_bad_file_is_refused_by_rule_and_no_cell_is_told(
    delivery: Path, content: str, code: str, column: str, capfd: pytest.CaptureFixture[str]
) -> None:
    delivery.write_text(content, encoding="utf-8")
    with dg.DagsterInstance.ephemeral() as instance:
        raw = defs().get_assets_def(dg.AssetKey(["raw", "indicator_returns"]))
        result = dg.materialize([raw], partition_key="2022-04", instance=instance)
    check = finding_of(result)
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    findings = str(check.metadata["findings"].value)
    assert code in findings and column in findings
    first = findings.splitlines()[0]
    assert first.count(" | ") == 7, "CODE | file | line | column | what | expected | do | meanwhile"
    said = capfd.readouterr()
    assert SECRET not in findings + said.out + said.err
    assert "281" not in findings
    assert not (settings.raw / "indicator_returns" / "2022-04.parquet").exists()


def test_a_month_without_any_file_is_an_overdue_delivery_not_a_quiet_success(
    whole_job: object,
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        raw = defs().get_assets_def(dg.AssetKey(["raw", "indicator_returns"]))
        result = dg.materialize([raw], partition_key="2022-06", instance=instance)
    check = finding_of(result)
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "FILE-MISSING" in str(check.metadata["findings"].value)


def test_the_last_good_figures_stay_when_a_newer_file_is_refused(delivery: Path) -> None:
    def figures() -> dict[str, str]:
        return {name: sha for name, sha in published().items() if "data_quality" not in name}

    before = figures()
    delivery.write_text(f"{COLUMNS}\n{GOOD}\n".replace("281", SECRET), encoding="utf-8")
    result = run("2022-04")
    assert result.success, "a bad delivery is a failed check, not a failed run"
    assert not finding_of(result).passed
    assert figures() == before
    report = settings.exports / "officers" / "E06000041" / "2022-03" / "data_quality.html"
    assert "Newer extract refused: TOO-MANY-BAD-ROWS" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["build.duckdb", "build.duckdb.wal"])
def test_a_workshop_that_cannot_be_read_is_built_anew(whole_job: object, name: str) -> None:
    before = published()
    file = settings.build_warehouse.with_name(name)
    file.write_bytes(b"SQLite format 3\0" + b"torn" * 5_000)
    assert run("2022-03").success
    assert published() == before


def test_replaying_the_archive_from_nothing_gives_the_same_bytes(whole_job: object) -> None:
    before = published()
    # somebody who reads the old workshop holds nothing up
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
            " print('open', flush=True); sys.stdin.read()",
            str(settings.build_warehouse),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout and reader.stdout.readline() == "open\n"
    for folder in (settings.exports / "officers", settings.build_warehouse.parent):
        shutil.rmtree(folder)
    assert run("2022-03").success
    assert published() == before
    reader.communicate()


def test_a_run_repeated_gives_the_same_bytes_and_no_second_alert(whole_job: object) -> None:
    before = published()
    result = run(NEWEST)
    assert result.success
    assert published() == before
    (materialization,) = [
        event.materialization
        for event in result.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(["alerts", "alert_states"])
    ]
    assert str(materialization.metadata["delivery"].value).startswith("0 sent, 0 failed, 0 waiting")


def test_a_failed_build_publishes_nothing_and_the_next_one_mends_it(whole_job: object) -> None:
    before = published()
    planted = settings.raw / "indicator_returns" / "2022-05.parquet"
    planted.write_bytes(b"PAR1 not a parquet file")
    try:
        result = run(NEWEST)
        assert not result.success
        steps = {event.step_key for event in result.all_events if event.is_step_failure}
        assert steps == {"kpi_mart"}
        assert "BUILD-FAILED: test." in str(result.failure_data_for_node("kpi_mart").error)
        assert published() == before
        with duckdb.connect(str(settings.published_warehouse), read_only=True) as warehouse:
            assert warehouse.sql("select count(*) from marts.kpi_monthly").fetchall()[0][0] > 0
    finally:
        planted.unlink()
    # exports made by hand in between would read a half-made build: they are refused
    editions = defs().get_assets_def(dg.AssetKey(["exports", "officer_editions"]))
    with dg.DagsterInstance.ephemeral() as instance:
        refused = dg.materialize([editions], raise_on_error=False, instance=instance)
    assert not refused.success
    assert "BUILD-NOT-GREEN" in str(
        refused.failure_data_for_node("exports__officer_editions").error
    )
    mended = run(NEWEST)
    assert mended.success
    assert published() == before


def test_a_run_can_be_given_its_edition_and_an_unknown_council_is_refused(
    whole_job: object,
) -> None:
    def edition(council: str) -> dict[str, object]:
        return {"ops": {"reference__editions": {"config": {"council": council, "as_at": ""}}}}

    assert run(NEWEST, run_config=edition("E06000014")).success
    made = settings.exports / "officers" / "E06000014"
    assert (made / "2022-03" / "dashboard.html").exists()
    shutil.rmtree(made)

    refused = run(NEWEST, run_config=edition("E99999999"))
    assert not refused.success
    error = str(refused.failure_data_for_node("exports__officer_editions").error)
    assert "EDITION-NOT-BUILT" in error
    assert run(NEWEST).success, "the session's own editions are back for the next test"
