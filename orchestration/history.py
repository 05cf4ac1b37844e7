"""What dagster.yaml names in place of Dagster's own: its history, and what launches its runs.

Run history is in SQLite unless KPI_HISTORY_URL names a server, written over one open connection to
each file.
Dagster's own storage opens and closes a connection for every statement, about nine for one asset
check, and SQLite puts the whole file in order each time the last connection closes. A run with 500
checks then writes history for longer than it works.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import DagsterEventType, DagsterInstance, DagsterRun, RunsFilter
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.root import LocalArtifactStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG
from sqlalchemy.pool import StaticPool

from orchestration.files import PROJECT

INDEX = "index"


class WatchedRunLauncher(DefaultRunLauncher):
    """`DefaultRunLauncher` that can say whether a run's process still lives, so that one which was
    killed is ended within seconds and the queue goes on, also where a command line had started it.

    Runs are taken to be this machine's.
    """

    @property
    def supports_check_run_worker_health(self) -> bool:
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        of_steps = self._instance.all_logs(run.run_id, of_type=DagsterEventType.ENGINE_EVENT)
        told = [each.dagster_event for each in of_steps if each.dagster_event]
        seen = [each for each in told if each.pid]
        if not seen:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        if is_alive(seen[0].pid, of_steps[0].timestamp):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, "its process has gone")


def purge_runs(instance: DagsterInstance, before: datetime, most: int = 100) -> int:
    """Remove ended runs that began before a moment with all that was noted of them, what their
    checks found too, which Dagster leaves; the oldest first and only so many at a time; how many
    went."""
    ended = RunsFilter(statuses=FINISHED_STATUSES, created_before=before)
    runs = instance.get_runs(ended, limit=most, ascending=True)
    for run in runs:
        instance.delete_run(run.run_id)
    of_runs = AssetCheckExecutionsTable.c.run_id.in_([run.run_id for run in runs])
    with instance.event_log_storage.index_connection() as connection:  # type: ignore[attr-defined]
        connection.execute(AssetCheckExecutionsTable.delete().where(of_runs))
    return len(runs)


def is_alive(pid: int, since: float) -> bool:
    """Whether the process that was there at `since` (seconds of the epoch) still is; another one
    may have got its number since."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/stat").read_text(encoding="ascii").partition("btime ")[2].split()[0]
    except OSError:
        return not Path("/proc/stat").exists() and _answers(pid)
    state, *fields = told.rpartition(")")[2].split()
    started = int(boot) + int(fields[18]) / os.sysconf("SC_CLK_TCK")
    return state not in "ZX" and started <= since + 1


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


class _BelowTheProject:
    """A storage whose `base_dir` is below the project's folder, from wherever Dagster is started:
    Dagster's own would begin an empty history in each folder."""

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> Any:
        place = str(PROJECT / config_value["base_dir"])
        return super().from_config_value(inst_data, {"base_dir": place})  # type: ignore[misc]


class OfThisProject:
    """A storage of runs in which those of a command line that say whose they are (by a tag)
    name their code location as others do: Dagster's pages could not re-execute them otherwise."""

    def add_run(self, dagster_run: DagsterRun) -> DagsterRun:
        repository, _, location = dagster_run.tags.get(REPOSITORY_LABEL_TAG, "").partition("@")
        if location and not dagster_run.remote_job_origin:
            named = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(location), repository)
            origin = RemoteJobOrigin(named, dagster_run.job_name)
            dagster_run = dagster_run.with_job_origin(origin)
        return super().add_run(dagster_run)  # type: ignore[misc]


class Runs(OfThisProject, SqliteRunStorage):
    """Dagster's runs for dagster.yaml."""

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "Runs":
        return cls.from_local(str(PROJECT / config_value["base_dir"]), inst_data)


class Schedules(_BelowTheProject, SqliteScheduleStorage):
    """What schedules and sensors did, for dagster.yaml."""


class Artifacts(_BelowTheProject, LocalArtifactStorage):
    """What else Dagster writes, for dagster.yaml."""


class OneConnectionEventLog(SqliteEventLogStorage):
    """`SqliteEventLogStorage` for dagster.yaml: the same files, fewer connections.

    A power cut may cost the last events (`synchronous` is NORMAL), never the file.
    """

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, sqlalchemy.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "OneConnectionEventLog":
        return cls(str(PROJECT / config_value["base_dir"]), inst_data)

    def has_table(self, table_name: str) -> bool:
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def delete_events(self, run_id: str) -> None:
        """With the run's file, which Dagster's own storage leaves as large as it was."""
        super().delete_events(run_id)
        if engine := self._engines.pop(run_id, None):
            engine.dispose()
        file = Path(self.path_for_shard(run_id))
        for each in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
            each.unlink(missing_ok=True)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        if shard not in self._engines:
            with super()._connect(shard):
                pass  # makes the file where there is none
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        if shard not in self._engines:
            # one file a run: only the index and the run in hand stay open
            for other in set(self._engines) - {INDEX, shard} if shard != INDEX else ():
                self._engines.pop(other).dispose()
            engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": 30, "check_same_thread": False},
            )
            with engine.connect() as connection:
                connection.execute(sqlalchemy.text("pragma synchronous = normal"))
            self._engines[shard] = engine
        return self._engines[shard]
