"""The main job on what a fresh clone is filled with, the sample kept small: run once for all the
processes of a test run, and copied to each of them."""

import fcntl
import hashlib
import os
import pprint
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgpack

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

PROJECT = Path(__file__).parent.parent
RUN = """
import dagster as dg
from orchestration.commands.fresh_clone import fill
from orchestration.settings import settings

months = fill(settings.incoming, settings.seeds, size=600, months=3)
from orchestration.definitions import defs
with dg.DagsterInstance.get() as instance:
    job = defs().resolve_job_def("monthly_kpis")
    assert job.execute_in_process(partition_key=months[-1], instance=instance).success
"""


def variables(home: Path) -> dict[str, str]:
    """What makes `home` the place where the project keeps and publishes everything."""
    return {
        "KPI_DATA": str(home / "data"),
        "KPI_EXPORTS": str(home / "exports"),
        "DAGSTER_HOME": str(home / "dagster"),
    }


def dagster_home(home: Path) -> None:
    """The project's own dagster.yaml, with all that Dagster keeps below `home`."""
    (home / "dagster").mkdir(parents=True)
    product = (PROJECT / "dagster.yaml").read_text(encoding="utf-8")
    (home / "dagster" / "dagster.yaml").write_text(
        product.replace("data/dagster", str(home / "dagster")), encoding="utf-8"
    )


@contextmanager
def shared_folder(shared: Path, name: str) -> Iterator[Path]:
    """A folder of all the processes of a test run: whoever asks first, and finds none, makes it,
    and the others wait for that."""
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared / name


def made_once(shared: Path) -> Path:
    """Where the job has been run."""
    with shared_folder(shared, "job") as home:
        if not home.exists():
            dagster_home(home)
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-c", RUN],
                cwd=PROJECT,
                env=os.environ | variables(home),
                capture_output=True,
                text=True,
                check=False,
            )
            (home / "said.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
            (home / "green").touch() if done.returncode == 0 else None
    assert (home / "green").exists(), (home / "said.txt").read_text(encoding="utf-8")[-4000:]
    return home


def beside(job: Path) -> Path:
    """A new folder beside that of the job, with a name as long."""
    for number in range(100, 1000):
        with suppress(FileExistsError):
            home = job.with_name(str(number))
            home.mkdir()
            return home
    raise AssertionError("nine hundred folders beside the job's")


def put_below(home: Path, job: Path, *parts: str) -> None:
    """What the job was given and has made, or these parts of it, below another folder, which is
    `beside` it: as if it had been run there, so that dbt need not read its project anew.

    Views of its build go on reading the accepted rows of `job`, which nobody changes.
    """
    old, new = str(job).encode(), str(home).encode()
    assert len(old) == len(new), "SQLite notes the lengths of texts"
    for part in parts or ("data", "exports"):
        shutil.rmtree(home / part, ignore_errors=True)
        shutil.copytree(job / part, home / part)
    for file in (home / "dagster").rglob("*"):
        if file.is_file() and old in (content := file.read_bytes()):
            file.write_bytes(content.replace(old, new))
    put_what_dbt_read_below(home / "data", job)


def put_what_dbt_read_below(data: Path, job: Path) -> None:
    """What dbt keeps of the project that it has read, below another data folder."""
    shutil.copytree(job / "data" / "dbt", data / "dbt", dirs_exist_ok=True)
    before = job / "data"
    connections = (_connection_noted(before), _connection_noted(data))
    changes = {str(before): str(data), **dict([connections])}
    for file in (data / "dbt").rglob("*"):
        if file.suffix == ".json":
            file.write_text(file.read_text("utf-8").replace(str(before), str(data)), "utf-8")
    parsed = data / "dbt" / "partial_parse.msgpack"
    content = parsed.read_bytes()
    assert connections[0].encode() in content, "dbt notes something else of its connection"
    parsed.write_bytes(msgpack.packb(_changed(msgpack.unpackb(content), changes)))


def _changed(told: Any, changes: Mapping[str, str]) -> Any:
    """What was told, with other texts in all of its texts."""
    if isinstance(told, str):
        for old, new in changes.items():
            told = told.replace(old, new)
    elif isinstance(told, dict):
        return {_changed(key, changes): _changed(each, changes) for key, each in told.items()}
    elif isinstance(told, list):
        return [_changed(each, changes) for each in told]
    return told


def _connection_noted(data: Path) -> str:
    """The hash that dbt keeps of its connection, by which it sees that it was another one."""
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

    build = data / "warehouse" / "build.duckdb"
    limit = {"memory_limit": "1000MB"}
    given = {"path": str(build), "schema": "main", "settings": limit}
    told = sorted(DuckDBCredentials.from_dict(given).connection_info())
    return hashlib.sha256(pprint.pformat(told).encode()).hexdigest()


def result_of_the_job() -> "ExecuteInProcessResult":
    """What the job told when it was run, from Dagster's own record of it."""
    import dagster as dg

    from orchestration.definitions import defs

    with dg.DagsterInstance.get() as instance:
        [run] = instance.get_runs()
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id)]
    return dg.ExecuteInProcessResult(
        [event for event in events if event], run, None, defs().resolve_job_def("monthly_kpis")
    )
