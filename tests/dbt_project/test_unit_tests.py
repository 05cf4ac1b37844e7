"""dbt's unit tests of the rules; a run leaves them out, as they say nothing about its data."""

import re
import subprocess
import sys
from pathlib import Path

from orchestration.settings import settings
from tests.defs.conftest import install_beside


def test_every_unit_test_of_a_model_passes(main_job: Path) -> None:
    written = [
        name
        for file in (settings.dbt_project / "models").rglob("*unit_tests.yml")
        for name in re.findall(r"(?m)^  - name: (\w+)", file.read_text(encoding="utf-8"))
    ]
    # they read the columns of what their models read, so they need a built warehouse
    built = install_beside(main_job, "data")
    done = subprocess.run(
        [
            *(Path(sys.executable).parent / "dbt", "test", "--select", "test_type:unit"),
            *("--project-dir", settings.dbt_project, "--profiles-dir", settings.dbt_project),
        ],
        env=built.environment
        | {
            "KPI_WAREHOUSE": str(built.data / "warehouse" / "build.duckdb"),
            "KPI_INDICATOR": "",
            "DBT_TARGET_PATH": str(built.data / "dbt"),
            "DBT_LOG_PATH": str(built.data / "dbt" / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert len(written) > 70
    # and the hook at the end, which names broken promises
    assert f"PASS={len(written) + 1} WARN=0 ERROR=0 SKIP=0" in done.stdout
