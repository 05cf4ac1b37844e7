"""An installation whose code nobody may write, started from another folder: the code's file system
is mounted read-only for the process, as `ProtectSystem=strict` and a container do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance

from orchestration.settings import PROJECT
from tests.defs.conftest import Installation, install, install_beside

READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
IS_READ_ONLY = """
from orchestration.files import PROJECT
try:
    (PROJECT / "written").touch()
except OSError:
    pass
else:
    raise SystemExit("the code can be written")
"""
PARTS = """
import dagster as dg
from orchestration.definitions import defs
keys = [["raw", "indicator_returns"], ["exports", "officer_editions"], ["exports", "star"]]
with dg.DagsterInstance.get() as instance:
    job = defs().resolve_job_def("monthly_kpis")
    chosen = {"partition_key": "2026-03", "asset_selection": [dg.AssetKey(key) for key in keys]}
    assert job.execute_in_process(instance=instance, **chosen).success
"""
WHOLE = """
import dagster as dg
from orchestration.commands.fresh_clone import fill
from orchestration.definitions import defs
from orchestration.settings import settings
months = fill(settings.incoming, settings.seeds, size=300, months=2)
with dg.DagsterInstance.get() as instance:
    job = defs().resolve_job_def("monthly_kpis")
    assert job.execute_in_process(partition_key=months[-1], instance=instance).success
"""


def run(made: Installation, code: str, elsewhere: Path) -> None:
    elsewhere.mkdir()
    done = subprocess.run(
        [
            *("unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, str(PROJECT)),
            *(sys.executable, "-W", "ignore", "-c", IS_READ_ONLY + code),
        ],
        cwd=elsewhere,
        env=made.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert list(elsewhere.iterdir()) == []


@pytest.fixture
def council(main_job: Path) -> Iterator[Installation]:
    made = install_beside(main_job)
    yield made
    shutil.rmtree(made.home)


@pytest.mark.needs("unshare")
def test_deliveries_come_in_and_exports_are_written_beside_a_read_only_code(
    council: Installation, tmp_path: Path
) -> None:
    shutil.rmtree(council.exports)
    run(council, PARTS, tmp_path / "elsewhere")
    assert (council.exports / "officers" / "X06000001" / "2026-03" / "dashboard.html").exists()


@pytest.mark.soak
@pytest.mark.needs("unshare")
def test_the_whole_job_from_nothing_needs_no_right_to_write_the_code(tmp_path: Path) -> None:
    made = install(tmp_path / "made")
    run(made, WHOLE, tmp_path / "elsewhere")
    assert (made.exports / "index.html").exists()


def test_history_lies_below_the_project_from_whichever_folder_dagster_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = (PROJECT / "dagster.yaml").read_text(encoding="utf-8")
    kept = os.path.relpath(tmp_path / "kept", PROJECT)
    (tmp_path / "dagster.yaml").write_text(told.replace("data/dagster", kept), encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.get_runs() == []
    assert (tmp_path / "kept" / "history" / "history" / "runs.db").is_file()
    assert list((tmp_path / "elsewhere").iterdir()) == []
