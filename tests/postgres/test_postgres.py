"""The same models run on PostgreSQL as they are, and every figure is the one from DuckDB."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from psycopg2.extensions import cursor

from orchestration.settings import settings
from tests.figures.both_engines import differing, key_of
from tests.postgres.loader import connect, load
from tests.postgres.server import running

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

pytestmark = pytest.mark.needs("initdb", "pg_ctl")

MARTS = sorted(path.stem for path in (settings.dbt_project / "models" / "marts").glob("*.sql"))
# They expect a number as DuckDB spells it, 30; PostgreSQL keeps the noughts: 30.0000000000000000.
SPELT_AS_IN_DUCKDB = [
    "a_quarter_adds_up_events_and_takes_the_last_position",
    "missing_hours_are_those_that_really_passed",
]
# One delivery restates nothing: fct_restatement is compared by its unit test, which runs on both.
# One council is no pool: test_region.py compares what is of one.
ELSEWHERE = ("fct_restatement", "kpi_region", "kpi_region_councils")
TABLES = [
    *(f"marts.{mart}" for mart in MARTS if mart not in ELSEWHERE),
    "figures.int_row_figures",
]


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with running() as settings_of_the_server:
        yield settings_of_the_server


@pytest.fixture(scope="module")
def loaded(
    whole_job: "ExecuteInProcessResult",
    server: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, int]:
    """What the session's main job built from, in PostgreSQL; the rows of each table."""
    assert whole_job.success
    scratch = tmp_path_factory.mktemp("tables")
    return load(server, settings.raw, settings.figures_ledger, settings.checked_reference, scratch)


@pytest.fixture(scope="module")
def results(
    loaded: dict[str, int], server: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What `dbt build` made of each model and test on PostgreSQL: its id -> its status."""
    target = tmp_path_factory.mktemp("dbt")
    folders = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target / "logs")}
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "build", "--target", "postgres"]
    done = subprocess.run(
        [*command, "--exclude", *SPELT_AS_IN_DUCKDB],
        cwd=settings.dbt_project,
        env=os.environ | server | folders,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return statuses(target)


@pytest.fixture
def postgres(results: dict[str, str], server: dict[str, str]) -> Iterator[cursor]:
    """The mart on PostgreSQL; whatever a test changes there is taken back."""
    assert results
    with closing(connect(server)) as connection, connection.cursor() as opened:
        yield opened


def statuses(target: Path) -> dict[str, str]:
    found = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {result["unique_id"]: result["status"] for result in found}


def test_every_table_was_copied_with_its_rows(loaded: dict[str, int]) -> None:
    assert sum(rows > 0 for rows in loaded.values()) > 45
    assert loaded["deliveries.ssd_person"] > 500
    assert loaded["deliveries.indicator_returns"] > 10_000


def test_every_model_and_test_of_the_main_job_passed_on_postgresql(
    results: dict[str, str],
) -> None:
    # an exposure is named and nothing is done
    assert set(results.values()) == {"success", "pass", "no-op"}
    left_out = {name for name in statuses(settings.dbt_target) if name not in results}
    assert {name.rpartition(".")[2] for name in left_out} <= set(SPELT_AS_IN_DUCKDB)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_the_same_figures_on_both(
    table: str, postgres: cursor, tmp_path: Path
) -> None:
    rows, differing = compare(postgres, table, tmp_path)
    assert rows > 0
    assert not differing, f"{len(differing)} of {rows} rows compared, {differing[:2]}"


@pytest.mark.parametrize(
    "change",
    [
        "update marts.kpi_monthly set value = value + 0.000002 where value = 90",
        "update marts.kpi_monthly set status_reason = '' where status_reason is null",
        "delete from marts.kpi_monthly where value = 90",
        "insert into marts.kpi_monthly (indicator_id, geography_code) values ('new', 'new')",
    ],
    ids=["a figure", "an empty text for a null", "a row that is gone", "a row too many"],
)
def test_the_comparison_notices(change: str, postgres: cursor, tmp_path: Path) -> None:
    postgres.execute(change)
    changed = postgres.rowcount
    assert changed > 0
    _, differing = compare(postgres, "marts.kpi_monthly", tmp_path)
    assert len(differing) == changed


def compare(
    postgres: cursor, table: str, scratch: Path
) -> tuple[int, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """How many rows were compared, and those that are not the same: in DuckDB, in PostgreSQL."""
    csv = scratch / "theirs.csv"
    with csv.open("w", encoding="utf-8") as lines:
        postgres.copy_expert(f"copy {table} to stdout (format csv, header)", lines)
    with duckdb.connect() as both:
        both.execute(f"attach '{settings.build_warehouse}' as built (read_only)")
        ours = both.table(f"built.{table}")
        kinds = dict(zip(ours.columns, map(str, ours.types), strict=True))
        with csv.open(encoding="utf-8") as lines:
            assert lines.readline().strip().split(",") == list(kinds)
        both.execute(
            f"create table theirs as from read_csv('{csv}', header = true, nullstr = '',"
            f" allow_quoted_nulls = false, auto_detect = false, columns = {kinds})"
        )
        return differing(both, f"built.{table}", "theirs", key_of(table))
