"""Every test session works in a data folder and an exports folder of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult
    from duckdb import DuckDBPyConnection

SESSION = Path(tempfile.mkdtemp(prefix="childrens-kpis-"))
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

# Settings are read once, when orchestration is first imported: set them before any test is.
for variable in [name for name in os.environ if name.startswith("KPI_")]:
    del os.environ[variable]
for variable in ("COUNCIL", "AS_AT"):
    os.environ.pop(variable, None)
os.environ.update(
    KPI_DATA=str(SESSION / "data"),
    KPI_EXPORTS=str(SESSION / "exports"),
    DAGSTER_HOME=str(SESSION / "dagster"),
    DAGSTER_DISABLE_TELEMETRY="1",
    DBT_SEND_ANONYMOUS_USAGE_STATS="false",
)
(SESSION / "dagster").mkdir()
PRODUCT = (Path(__file__).parent.parent / "dagster.yaml").read_text(encoding="utf-8")
(SESSION / "dagster" / "dagster.yaml").write_text(
    PRODUCT.replace("data/dagster", str(SESSION / "dagster")), encoding="utf-8"
)

# Debian keeps PostgreSQL's own programs off the PATH.
os.environ["PATH"] = os.pathsep.join(
    [os.environ["PATH"], *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
)

left_out: list[str] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests whose system package is absent, unless REQUIRE_ALL=1."""
    kept = []
    for item in items:
        programs = [name for mark in item.iter_markers("needs") for name in mark.args]
        absent = [name for name in programs if not _is_installed(name)]
        if absent and not REQUIRE_ALL:
            left_out.append(f"{item.nodeid} (needs {', '.join(absent)})")
        else:
            kept.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


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
    shutil.rmtree(SESSION, ignore_errors=True)


@pytest.fixture(scope="session")
def whole_job() -> "ExecuteInProcessResult":
    """The main job on what a fresh clone is filled with, the sample kept small; run once."""
    import dagster as dg

    from orchestration.definitions import defs
    from orchestration.fresh_clone import fill
    from orchestration.settings import settings

    months = fill(settings.incoming, settings.seeds, size=600, months=3)
    with dg.DagsterInstance.get() as instance:
        return (
            defs()
            .resolve_job_def("monthly_kpis")
            .execute_in_process(partition_key=months[-1], instance=instance)
        )


@pytest.fixture
def mart(whole_job: "ExecuteInProcessResult") -> Iterator["DuckDBPyConnection"]:
    """The mart of the main job, as an analyst opens it."""
    import duckdb

    from orchestration.settings import settings

    assert whole_job.success
    with duckdb.connect(str(settings.published_warehouse), read_only=True) as connection:
        yield connection
