"""dbt's unit tests of the rules; a run leaves them out, as they say nothing about its data."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import settings

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult


def test_every_unit_test_of_a_model_passes(
    whole_job: "ExecuteInProcessResult", tmp_path: Path
) -> None:
    assert whole_job.success
    written = [
        name
        for file in (settings.dbt_project / "models").rglob("*unit_tests.yml")
        for name in re.findall(r"(?m)^  - name: (\w+)", file.read_text(encoding="utf-8"))
    ]
    # they read the columns of what their models read, so they need a built warehouse
    shutil.copy(settings.build_warehouse, tmp_path / "build.duckdb")
    done = subprocess.run(
        [
            *(Path(sys.executable).parent / "dbt", "test", "--select", "test_type:unit"),
            *("--project-dir", settings.dbt_project, "--profiles-dir", settings.dbt_project),
        ],
        env=os.environ
        | {
            "KPI_DATA": str(settings.data),
            "KPI_WAREHOUSE": str(tmp_path / "build.duckdb"),
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert len(written) > 70
    # and the hook at the end, which names broken promises
    assert f"PASS={len(written) + 1} WARN=0 ERROR=0 SKIP=0" in done.stdout
