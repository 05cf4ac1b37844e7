"""The same models run on a cluster of Apache Spark, and every figure is the one from DuckDB."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration.region.council_figures import gather
from orchestration.settings import settings
from tests.figures.both_engines import differing, key_of
from tests.figures.compiled import Compiled
from tests.figures.conftest import compiled
from tests.postgres.loader import tables
from tests.postgres.test_postgres import TABLES, statuses
from tests.region.pool import built, figures, members, write
from tests.spark import loader
from tests.spark.cluster import WORKERS, Cluster, running

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

pytestmark = pytest.mark.soak
__all__ = ["compiled"]

OF_A_POOL = ("marts.kpi_region", "marts.kpi_region_councils")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    if not shutil.which("java") or not find_spec("pyspark"):
        pytest.skip("needs Java (apt-get install default-jre-headless) and make soak's packages")
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def home(whole_job: "ExecuteInProcessResult", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the session's main job built from, and a pool of councils beside it."""
    assert whole_job.success
    home = tmp_path_factory.mktemp("pool")
    told = members()
    for each in told:
        write(home / "councils" / each.geography_code, figures(each.geography_code, seed=9))
    gather(home / "councils", [each.geography_code for each in told], home / "raw")
    for folder in settings.raw.iterdir():
        if not (home / "raw" / folder.name).exists():
            (home / "raw" / folder.name).symlink_to(folder)
    shutil.copytree(settings.checked_reference, home / "reference")
    pool = home / "reference" / "pool.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table pool as from read_parquet('{pool}')")
        for each in told:
            connection.execute("insert into pool values (?, ?, ?, ?)", [*vars(each).values()])
        connection.execute(f"copy pool to '{pool}' (format parquet)")
    return home


@pytest.fixture(scope="module")
def ours(compiled: Compiled, home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB's tables: those of the pool, and in `built` those of the main job."""
    with built(compiled, home, members()) as connection:
        connection.execute(f"attach '{settings.build_warehouse}' as built (read_only)")
        yield connection


@pytest.fixture(scope="module")
def results(
    cluster: Cluster, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What `dbt build` made of each model and data test on the cluster: its id -> its status."""
    target = tmp_path_factory.mktemp("dbt")
    folders = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target / "logs")}
    files = tables(home / "raw", settings.figures_ledger, home / "reference")
    dbt = (str(Path(sys.executable).parent / "dbt"), "--quiet", "build", "--target", "spark")
    for command, told in (
        ((sys.executable, loader.__file__), json.dumps(loader.statements(files))),
        ((*dbt, "--exclude-resource-type", "unit_test"), ""),
    ):
        done = subprocess.run(
            command,
            cwd=settings.dbt_project,
            env=os.environ | cluster.environment | folders,
            input=told,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return statuses(target)


def test_every_model_and_test_passed_on_both_workers(
    results: dict[str, str], cluster: Cluster
) -> None:
    # an exposure is named and nothing is done
    assert set(results.values()) == {"success", "pass", "no-op"}
    assert {*statuses(settings.dbt_target)} <= {*results}
    told = cluster.state()
    assert told["aliveworkers"] == WORKERS
    assert [each["cores"] for each in told["completedapps"]] == [WORKERS, WORKERS]


@pytest.mark.parametrize("table", [*TABLES, *OF_A_POOL])
def test_every_row_has_the_same_figures_on_both(
    table: str, results: dict[str, str], cluster: Cluster, ours: duckdb.DuckDBPyConnection
) -> None:
    assert results
    schema, _, name = table.partition(".")
    files = f"{cluster.warehouse}/{schema}.db/{name}/*.parquet"
    ours.execute(f"create or replace temp view theirs as from read_parquet('{files}')")
    mine = table if table in OF_A_POOL else f"built.{table}"
    assert ours.table("theirs").columns == ours.table(mine).columns
    rows, found = differing(ours, mine, "theirs", key_of(table))
    assert rows > 0
    assert not found, f"{len(found)} of {rows} rows compared, {found[:2]}"
