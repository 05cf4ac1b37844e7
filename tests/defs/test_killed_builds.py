"""A build that is killed is not used, and the next one succeeds."""

import hashlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from orchestration.mart.generation import NotGreen, reading
from orchestration.settings import PROJECT
from tests.defs.conftest import BIN, JOB, Installation

MONTH = "2026-03"
KILLS = 10


def published(installation: Installation) -> dict[str, str]:
    """Everything that clerks and analysts collect; manifests name the run."""
    files = [*installation.exports.rglob("*"), installation.data / "warehouse/published.duckdb"]
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files)
        if file.is_file() and file.name != "manifest.json" and not file.name.startswith(".")
    }


@pytest.mark.soak
def test_killed_builds_leave_what_is_published(council: Installation) -> None:
    exports = {name: sha for name, sha in published(council).items() if "duckdb" not in name}
    chance, half_made = random.Random(KILLS), 0
    warehouse = council.data / "warehouse"
    for _ in range(KILLS):
        before = published(council)
        generation = (warehouse / "generation.json").read_text()
        log = council.home / "killed.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [BIN / "dagster", *JOB, "--tags", f'{{"dagster/partition": "{MONTH}"}}'],
                cwd=PROJECT,
                env=council.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(warehouse / "generation.json", generation, process)
        time.sleep(chance.uniform(0, 8))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        try:
            with reading(warehouse):
                pass
        except NotGreen:
            half_made += 1
            assert published(council) == before
    assert half_made >= KILLS // 2
    council.run_job(MONTH)
    after = {name: sha for name, sha in published(council).items() if "duckdb" not in name}
    assert after == exports
    council.run("python", "-m", "orchestration.commands.verify_exports")


def wait_for(state: Path, before: str, process: "subprocess.Popen[bytes]") -> None:
    """Until the build has begun: its number is another one then."""
    deadline = time.monotonic() + 90
    while state.read_text() == before:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
