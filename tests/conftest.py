"""Every test session works in a data folder and an exports folder of its own."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from ctypes.util import find_library
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.main_job import (
    dagster_home,
    made_once,
    put_below,
    result_of_the_job,
    variables,
)

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult
    from duckdb import DuckDBPyConnection

    from orchestration.reference.tables import Reference

# One folder for the test run, which the first process makes, and in it one for each process.
FIRST = "CHILDRENS_KPIS_TESTS" not in os.environ
if FIRST:
    os.environ["CHILDRENS_KPIS_TESTS"] = tempfile.mkdtemp(prefix="childrens-kpis-")
SHARED = Path(os.environ["CHILDRENS_KPIS_TESTS"])
SESSION = SHARED / os.environ.get("PYTEST_XDIST_WORKER", "own")
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

# The background job of a script ignores Ctrl-C, and so does what it starts; Dagster answers the
# signal to end as it does that one, and its servers would never end.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Settings are read once, when orchestration is first imported: set them before any test is.
for variable in [name for name in os.environ if name.startswith("KPI_")]:
    del os.environ[variable]
for variable in ("COUNCIL", "AS_AT"):
    os.environ.pop(variable, None)
os.environ.update(
    **variables(SESSION),
    DAGSTER_DISABLE_TELEMETRY="1",
    DBT_SEND_ANONYMOUS_USAGE_STATS="false",
)
dagster_home(SESSION)

# Debian keeps PostgreSQL's own programs off the PATH.
os.environ["PATH"] = os.pathsep.join(
    [os.environ["PATH"], *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
)

# The longest files first, so that no process has one left when the other has none. The first file
# waits for the main job, and meanwhile the next three do without it.
FIRST_FILES = (
    "defs/test_faults.py",
    "deliveries/test_every_input.py",
    "deliveries/test_gate.py",
    "deliveries/test_interrupted.py",
    "councils/test_job.py",
    "privacy/test_canary.py",
    "figures/test_worked_examples.py",
    "defs/test_many_months.py",
    "defs/test_history.py",
    "defs/test_packs.py",
    "defs/test_planted_mistakes.py",
    "defs/test_forget.py",
    "postgres/test_postgres.py",
    "packs/test_issue.py",
    "deliveries/storage/test_fetch.py",
    "figures/test_planted_faults.py",
    "figures/test_same_figures.py",
    "deliveries/storage/test_kept.py",
    "dbt_project/test_adding_an_indicator.py",
    "figures/test_windows.py",
    "packs/test_sign_off.py",
    "postgres/test_database.py",
    "packs/test_paper.py",
    "deployment/test_services.py",
    "deployment/test_proxy.py",
    "deliveries/readers/test_dropped_returns.py",
    "packs/test_formats.py",
    "dbt_project/test_unit_tests.py",
    "defs/test_command_line_runs.py",
    "lint/test_lint.py",
    "defs/test_ui.py",
)

left_out: list[str] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first; tests whose system package is absent are left out, unless
    REQUIRE_ALL=1."""
    kept = []
    for item in items:
        programs = [name for mark in item.iter_markers("needs") for name in mark.args]
        absent = [name for name in programs if not _is_installed(name)]
        if absent and not REQUIRE_ALL:
            left_out.append(f"{item.nodeid} (needs {', '.join(absent)})")
        else:
            kept.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(FIRST_FILES)}
    items[:] = sorted(kept, key=lambda item: ranks.get(item.path, len(ranks)))


def _is_installed(name: str) -> bool:
    """A program, or the library Pango, which sets type for PDF files."""
    return bool(shutil.which(name) or find_library(f"{name}-1.0"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With two workers, each tells what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    output = getattr(node, "workeroutput", {})
    left_out.extend(name for name in output.get("left_out", ()) if name not in left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by name what was not tested here, so that a short run cannot pass for a full one."""
    if left_out:
        terminalreporter.section("left out: a system package of apt.txt is not installed")
        for name in left_out:
            terminalreporter.write_line(name)


def pytest_unconfigure() -> None:
    if FIRST:
        shutil.rmtree(SHARED, ignore_errors=True)


@pytest.fixture(scope="session")
def main_job() -> Path:
    """Where the main job has been run: to be read and copied, not to be changed."""
    return made_once(SHARED)


@pytest.fixture(scope="session")
def whole_job(main_job: Path) -> "ExecuteInProcessResult":
    """The main job in this process's own folders, on what a fresh clone is filled with."""
    put_below(SESSION, main_job, "data", "exports", "dagster")
    return result_of_the_job()


@pytest.fixture
def reference(tmp_path: Path) -> "Reference":
    """A copy of the reference data, to be damaged, with nothing that could stand in for it."""
    from orchestration.settings import settings

    shutil.copytree(settings.seeds, tmp_path / "seeds")
    return replace(
        settings.reference, seeds=tmp_path / "seeds", kept=tmp_path / "data" / "reference"
    )


@pytest.fixture
def mart(whole_job: "ExecuteInProcessResult") -> Iterator["DuckDBPyConnection"]:
    """The mart of the main job, as an analyst opens it."""
    import duckdb

    from orchestration.settings import settings

    assert whole_job.success
    with duckdb.connect(str(settings.published_warehouse), read_only=True) as connection:
        yield connection
