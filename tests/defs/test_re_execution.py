"""What docs/engineer.md says of a failed run: *Re-execute*, *From failure*, at the run itself."""

import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest

from orchestration.settings import PROJECT
from tests.defs.conftest import Installation, serve
from tests.defs.test_command_line_runs import AGAIN, asked
from tests.defs.test_killed_builds import published


def runs(home: Path) -> list[dg.DagsterRun]:
    """The newest first."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return [*instance.get_runs()]


def steps(home: Path, run_id: str) -> set[str]:
    """Those that ended well."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        done = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)
        return {each.get_dagster_event().step_key or "" for each in done}


@pytest.mark.soak
def test_a_run_that_failed_late_is_ended_from_there(council: Installation) -> None:
    home, before = council.home / "dagster", published(council)
    database = council.data / "warehouse" / "published.duckdb"
    kept = database.rename(council.home / "kept.duckdb")
    (database / "in the way").mkdir(parents=True)
    failed = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "orchestration.commands.whole_job"],
        cwd=PROJECT,
        env=council.environment,
        capture_output=True,
        check=False,
    )
    assert failed.returncode
    [first, *_] = runs(home)
    assert "kpi_mart" in steps(home, first.run_id)
    (database / "in the way").rmdir()
    database.rmdir()
    kept.rename(database)
    server = serve(council.environment, council.home / "dev.log")
    address = next(server)
    try:
        told = asked(address, AGAIN % (first.run_id, "FROM_FAILURE"))["launchRunReexecution"]
        assert told["__typename"] == "LaunchRunSuccess", told
        deadline = time.monotonic() + 300
        while not (again := runs(home)[0]).is_finished or again.run_id == first.run_id:
            assert time.monotonic() < deadline
            time.sleep(2)
    finally:
        server.close()
    assert again.is_success
    done = steps(home, again.run_id)
    assert done and not done & steps(home, first.run_id)
    assert published(council) == before
    council.run("python", "-m", "orchestration.commands.verify_exports")
