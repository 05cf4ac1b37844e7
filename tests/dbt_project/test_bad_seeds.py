"""A refreshed seed of the wrong year or area stops publication, by a rule that says which."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration.settings import PROJECT, settings

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

FAULTS = {
    "a_benchmark_is_labelled_with_its_own_year": """
        select * replace (
            cast(period_start + interval 1 year as date) as period_start,
            cast(period_end + interval 1 year as date) as period_end
        )
        from good where period_label = '2024/25' and geography_level = 'england'
    """,
    "a_benchmark_is_of_a_known_area_and_indicator": """
        select * replace ('E06999999' as geography_code)
        from good where geography_code = 'E06000001'
    """,
}


def build(home: Path) -> str:
    """What dbt says of the seeds and the benchmarks of a copy of the project."""
    environment = os.environ | {
        "KPI_DATA": str(settings.data),
        "KPI_SEEDS": str(home / "seeds"),
        "KPI_WAREHOUSE": str(home / "build.duckdb"),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "target" / "logs"),
    }
    models = ["resource_type:seed", "source:reference.benchmarks", "stg_benchmarks"]
    models += ["stg_indicators", "dim_geography"]
    done = subprocess.run(
        [Path(sys.executable).parent / "dbt", "build", "--profiles-dir", ".", "--select", *models],
        cwd=home / "dbt_project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.fixture(scope="module")
def home(whole_job: "ExecuteInProcessResult", tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert whole_job.success
    home = tmp_path_factory.mktemp("bad_seeds")
    shutil.copytree(PROJECT / "dbt_project", home / "dbt_project")
    shutil.copytree(PROJECT / "seeds", home / "seeds")
    return home


@pytest.mark.parametrize("rule", FAULTS)
def test_a_benchmark_of_another_year_or_area_fails_its_rule(rule: str, home: Path) -> None:
    with duckdb.connect() as connection:
        good = PROJECT / "seeds" / "benchmarks" / "benchmarks.parquet"
        connection.execute(f"create view good as from '{good}'")
        refreshed = home / "seeds" / "benchmarks" / "benchmarks.parquet"
        connection.execute(
            f"copy (from good union all by name ({FAULTS[rule]})) to '{refreshed}' (format parquet)"
        )

    said = build(home)

    failed = [line for line in said.splitlines() if "FAIL " in line]
    assert any(rule in line for line in failed), said[-2_000:]
    assert "ERROR creating" not in said
