"""A Dagster of its own for tests that drive the real command line, daemon and web pages."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.main_job import beside, dagster_home, put_below, variables
from tests.ports import free_port

BIN = Path(sys.executable).parent
JOB = ("job", "execute", "-m", "orchestration.definitions", "-j", "monthly_kpis")


@dataclass(frozen=True)
class Installation:
    """One data folder, one exports folder, one Dagster home, and what else it is set to."""

    home: Path
    environment_more: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | variables(self.home) | self.environment_more

    @property
    def exports(self) -> Path:
        return self.home / "exports"

    def run_job(self, month: str) -> str:
        """The whole job as `make run` starts it."""
        tags = ("--tags", f'{{"dagster/partition": "{month}"}}', "-c", "orchestration/console.yaml")
        return self.run("dagster", *JOB, *tags)

    def run(self, *command: str, told: str = "") -> str:
        """Run a command of this environment that reads `told`; its output, once it ended well."""
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=PROJECT,
            env=self.environment,
            input=told,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout + done.stderr


def install(home: Path) -> Installation:
    """An installation below `home`: its folders are still to be filled."""
    dagster_home(home)
    return Installation(home)


def install_beside(job: Path, *parts: str) -> Installation:
    """An installation with what the main job has made, or with these parts of it."""
    made = install(beside(job))
    put_below(made.home, job, *parts)
    return made


@pytest.fixture(scope="module")
def installation(main_job: Path) -> Iterator[Installation]:
    """An installation that nothing has been delivered to; dbt has read its project already."""
    made = install_beside(main_job, "data/dbt")
    yield made
    shutil.rmtree(made.home)


@pytest.fixture(scope="module")
def council(main_job: Path) -> Iterator[Installation]:
    """An installation that the main job has been run in, for March 2026."""
    made = install_beside(main_job)
    yield made
    shutil.rmtree(made.home)


@pytest.fixture
def dagster_dev(installation: Installation) -> Iterator[str]:
    """`dagster dev` on a free port of the loopback; its address."""
    yield from serve(installation.environment, installation.home / "dev.log")


def serve(
    environment: dict[str, str], log: Path, program: Sequence[str] = ("dagster", "dev")
) -> Iterator[str]:
    """The address of Dagster's pages, with the daemon beside them or served by another program."""
    port = free_port()
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                *(BIN / program[0], *program[1:]),
                *("-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)),
            ],
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, log)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-4000:]
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError(log.read_text()[-4000:])
