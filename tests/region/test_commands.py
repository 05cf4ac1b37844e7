"""What people start by hand for a pool."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.packs.record import read_log, read_publications
from orchestration.settings import PROJECT, settings

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult


def run(home: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"orchestration.commands.{command}", *arguments],
        cwd=PROJECT,
        env=os.environ
        | {"KPI_DATA": str(home / "data"), "KPI_EXPORTS": str(home / "exports"), "KPI_USER": "Ann"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_sent_is_for_its_owner_alone_and_noted_with_who_sent_it(
    whole_job: "ExecuteInProcessResult", tmp_path: Path
) -> None:
    assert whole_job.success
    (tmp_path / "data" / "warehouse").mkdir(parents=True)
    shutil.copy(settings.published_warehouse, tmp_path / "data" / "warehouse")
    unsaid = run(tmp_path, "send_figures", "")
    assert unsaid.returncode == 2 and "SMALL=sent or SMALL=withheld" in unsaid.stdout
    for number in (1, 2):
        done = run(tmp_path, "send_figures", "withheld")
        assert done.returncode == 0, done.stdout + done.stderr
        folder = tmp_path / "exports" / "for_region" / "2026-03"
        assert {each.name for each in folder.iterdir()} == {
            "extract_manifest.csv",
            "indicator_returns.csv",
        }
        assert all(each.stat().st_mode & 0o077 == 0 for each in folder.iterdir())
        log = tmp_path / "data" / "ledger" / "for_region"
        entries = read_log(log)
        assert [entry["by"] for entry in entries] == ["Ann"] * number
        assert entries[-1]["small_numbers"] == "withheld"
    told = read_publications(log, {"X06000001"})
    assert len(told) == 2 and all(each.publication.hidden for each in told)
    assert json.loads((log / "1.json").read_text())[0]["indicator_id"]


def test_without_a_name_or_a_pool_no_page_of_a_region_is_public(
    whole_job: "ExecuteInProcessResult", tmp_path: Path
) -> None:
    assert whole_job.success
    shutil.copytree(settings.build_warehouse.parent, tmp_path / "data" / "warehouse")
    unsaid = run(tmp_path, "publish_region", " ")
    assert unsaid.returncode == 2 and "make region BY=" in unsaid.stdout
    alone = run(tmp_path, "publish_region", "Ann")
    assert alone.returncode == 1 and "there is no pool" in alone.stdout
    assert not (tmp_path / "exports" / "region").exists()
