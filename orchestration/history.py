"""Dagster's run history in SQLite, written over one open connection to each file.

Dagster's own storage opens and closes a connection for every statement, about nine for one asset
check, and SQLite puts the whole file in order each time the last connection closes. A run with 500
checks then writes history for longer than it works.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.pool import StaticPool

INDEX = "index"


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
        return cls(inst_data=inst_data, **config_value)

    def has_table(self, table_name: str) -> bool:
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

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
