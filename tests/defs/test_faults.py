"""What stays published when something goes wrong, and what the run says then."""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@pytest.fixture
def as_before(whole_job: object, tmp_path: Path) -> Iterator[None]:
    """After a test that ends with other editions, or with none, the session's own are there."""
    folders = (settings.data, settings.exports)
    for folder in folders:
        shutil.copytree(folder, tmp_path / folder.name)
    yield
    for folder in folders:
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / folder.name, folder)


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


SPILLING_BUILD = """
from orchestration.settings import settings
from tests.figures.compiled import read_compiled

models = read_compiled(settings.dbt_target, settings.raw, settings.checked_reference)
with models.connect(file=str(settings.build_warehouse) + ".new", memory="25MB") as build:
    while True:
        models.run(build, ["int_care_worker_days", "int_periods"])
"""


LOADED = """
from orchestration.dbt.project import prepared_manifest
assert len(prepared_manifest()["nodes"]) > 200
"""


def kill_a_build_that_spills() -> Path:
    """The folder that DuckDB spilled to when the process was killed: it holds rows."""
    spilled = settings.build_warehouse.with_name("build.duckdb.new.tmp")
    process = subprocess.Popen([sys.executable, "-c", SPILLING_BUILD])
    deadline = time.monotonic() + 120
    while not (spilled.is_dir() and any(file.stat().st_size for file in spilled.iterdir())):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.002)
    process.kill()
    process.wait()
    return spilled


def leave_what_killed_builds_leave(spilled: Path) -> None:
    # a build spills beside its own file
    shutil.copytree(spilled, settings.build_warehouse.with_name("build.duckdb.tmp"))
    for name in ("build.duckdb", "build.duckdb.wal"):
        settings.build_warehouse.with_name(name).write_bytes(b"SQLite format 3\0" + b"torn" * 5_000)
    # dbt writes these in place
    for name in ("manifest.json", "partial_parse.msgpack", "run_results.json"):
        torn = settings.dbt_target / name
        torn.write_bytes(torn.read_bytes()[: torn.stat().st_size // 2])
    settings.editions_file.with_suffix(".part").write_bytes(b"PAR1")


def test_what_another_command_built_is_never_published(whole_job: object) -> None:
    built = settings.build_warehouse.read_bytes()
    with duckdb.connect(str(settings.build_warehouse)) as experiment:
        experiment.execute("delete from marts.kpi_dashboard where indicator_id = 'cic_count'")
    try:
        for key in (["exports", "officer_editions"], ["exports", "recorded_figures"]):
            asset = defs().get_assets_def(dg.AssetKey(key))
            with dg.DagsterInstance.ephemeral() as instance:
                refused = dg.materialize([asset], raise_on_error=False, instance=instance)
            error = str(refused.failure_data_for_node("__".join(key)).error)
            assert "BUILD-CHANGED" in error and "make run" in error
    finally:
        settings.build_warehouse.write_bytes(built)


def test_nothing_is_built_from_rows_that_nobody_accepted(whole_job: object) -> None:
    before = published()
    planted = settings.raw / "indicator_returns" / "2022-05.parquet"
    planted.write_bytes(b"PAR1 not a parquet file")
    try:
        result = run(NEWEST)
        assert {event.step_key for event in result.all_events if event.is_step_failure} == {
            "deliveries_in_use"
        }
        error = str(result.failure_data_for_node("deliveries_in_use").error)
        assert "ROWS-NOT-KNOWN | raw/indicator_returns/2022-05.parquet | " in error
        assert published() == before
    finally:
        planted.unlink()


def test_failed_and_killed_builds_publish_nothing_and_the_next_one_mends_it(
    delivery: Path, tmp_path: Path
) -> None:
    """The next one replays the archive from nothing, though a newer file is refused."""

    def figures() -> dict[str, str]:
        return {name: sha for name, sha in published().items() if "data_quality" not in name}

    before, of_figures = published(), figures()
    spilled = shutil.move(kill_a_build_that_spills(), tmp_path / "spilled")
    planted = settings.figures_ledger / "999.parquet"
    planted.write_bytes(b"PAR1 not a parquet file")
    try:
        result = run(NEWEST)
        assert not result.success
        steps = {event.step_key for event in result.all_events if event.is_step_failure}
        assert steps == {"kpi_mart"}
        assert "BUILD-FAILED: " in str(result.failure_data_for_node("kpi_mart").error)
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
    leave_what_killed_builds_leave(spilled)
    # as every command does that loads the definitions
    subprocess.run([sys.executable, "-W", "ignore", "-c", LOADED], check=True)
    # and as nothing else is accepted, the same bytes come out again, and no second alert
    delivery.write_text(f"{COLUMNS}\n{GOOD}\n".replace("281", SECRET), encoding="utf-8")
    shutil.rmtree(settings.exports / "officers")
    settings.published_warehouse.unlink()
    mended = run("2022-04")
    assert mended.success, "a bad delivery is a failed check, not a failed run"
    assert not finding_of(mended).passed
    assert figures() == of_figures
    report = settings.exports / "officers" / "E06000041" / "2022-03" / "data_quality.html"
    assert "Newer extract refused: TOO-MANY-BAD-ROWS" in report.read_text(encoding="utf-8")
    (materialization,) = [
        event.materialization
        for event in mended.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(["alerts", "alert_states"])
    ]
    assert str(materialization.metadata["delivery"].value).startswith("0 sent, 0 failed, 0 waiting")
    assert not list(settings.build_warehouse.parent.glob("build.duckdb?*"))
    settings.editions_file.with_suffix(".part").unlink()


@contextmanager
def somebody_reads(workshop: Path) -> Iterator[None]:
    """Another process has the old workshop open: it holds no run up."""
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
            " print('open', flush=True); sys.stdin.read()",
            str(workshop),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout and reader.stdout.readline() == "open\n"
    yield
    reader.communicate()


def test_a_run_can_be_given_its_edition_and_an_unknown_council_is_refused(
    as_before: None,
) -> None:
    def edition(council: str) -> dict[str, object]:
        return {"ops": {"reference__editions": {"config": {"council": council, "as_at": ""}}}}

    with somebody_reads(settings.build_warehouse):
        assert run(NEWEST, run_config=edition("E06000014")).success
    made = settings.exports / "officers" / "E06000014"
    assert (made / "2022-03" / "dashboard.html").exists()
    shutil.rmtree(made)

    for_analysts = settings.published_warehouse.stat()
    refused = run(NEWEST, run_config=edition("E99999999"))
    assert not refused.success
    after = settings.published_warehouse.stat()
    assert (after.st_ino, after.st_mtime_ns) == (for_analysts.st_ino, for_analysts.st_mtime_ns)
    error = str(refused.failure_data_for_node("reference__editions").error)
    assert "COUNCIL is no code of an area" in error

    # where the editions cannot be written, analysts keep the marts that belong to the last ones
    aside = made.parent.rename(made.parent.with_name("aside"))
    made.parent.write_text("in the way of a folder")
    publishing = [["exports", "officer_editions"], ["exports", "published_warehouse"]]
    failed = run(NEWEST, asset_selection=[dg.AssetKey(each) for each in publishing])
    assert not failed.success
    assert failed.failure_data_for_node("exports__officer_editions")
    after = settings.published_warehouse.stat()
    assert (after.st_ino, after.st_mtime_ns) == (for_analysts.st_ino, for_analysts.st_mtime_ns)
    made.parent.unlink()
    aside.rename(made.parent)


UPGRADED = """
from orchestration.dbt.project import prepared_manifest, project, settings
project.manifest_path.touch()
(settings.dbt_target / "manifest.sha256").write_text("of other files")
before = project.manifest_path.stat().st_ino, project.manifest_path.stat().st_mtime_ns
prepared_manifest()
assert (project.manifest_path.stat().st_ino, project.manifest_path.stat().st_mtime_ns) != before
again = project.manifest_path.stat().st_mtime_ns
prepared_manifest()
assert project.manifest_path.stat().st_mtime_ns == again
"""


def test_a_manifest_of_other_code_is_made_anew_though_it_is_the_younger(whole_job: object) -> None:
    made = subprocess.run([sys.executable, "-W", "ignore", "-c", UPGRADED], capture_output=True)
    assert made.returncode == 0, made.stderr.decode()[-2000:]
