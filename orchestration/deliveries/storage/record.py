"""What was fetched, as which bytes: the memory of the folder of fetched files; restricted."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from orchestration.deliveries.storage.listing import Version

Stat = tuple[int, int]
"""Size and time of change of a file of ours."""


@dataclass(frozen=True)
class Copy:
    """A file as it was fetched. `stat` is that of our copy, `before` that of the one it replaces,
    which still lies there where we were killed between noting the one and moving the other.
    `removed` says as what a copy was removed that had been kept long enough."""

    version: Version
    sha256: str
    stat: Stat
    before: Stat | None
    fetched_at: str
    removed: str = ""

    def without_before(self) -> "Copy":
        return replace(self, before=None)


class Record:
    """A table of copies by path, and what was said last."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def is_begun_anew(self) -> bool:
        """Whether it is new because the one before was damaged."""
        return self._connection.execute("pragma user_version").fetchone()[0] == 1

    def has_nothing(self) -> None:
        """What lay there is gone: from here on it knows everything."""
        self._connection.execute("pragma user_version = 0")

    def copies(self) -> dict[str, Copy]:
        rows = self._connection.execute("select path, copy from copies").fetchall()
        return {path: _copy(json.loads(text)) for path, text in rows}

    def note(self, path: str, copy: Copy) -> None:
        text = json.dumps(asdict(copy))
        self._connection.execute("insert or replace into copies values (?, ?)", (path, text))

    def forget(self, path: str) -> None:
        self._connection.execute("delete from copies where path = ?", (path,))

    def said(self) -> list[str]:
        rows = self._connection.execute("select message from said order by rowid")
        return [message for (message,) in rows]

    def say(self, messages: Iterable[str]) -> None:
        self._connection.execute("begin")
        self._connection.execute("delete from said")
        self._connection.executemany("insert into said values (?)", [(m,) for m in messages])
        self._connection.execute("commit")


@contextmanager
def opened(file: Path) -> Iterator[Record]:
    """The record in `file`, made where there is none; one that cannot be read is begun anew, as
    what it speaks of can be fetched again."""
    file.touch(mode=0o600)
    try:
        connection = _connected(file)
    except sqlite3.DatabaseError:
        file.unlink()
        file.touch(mode=0o600)
        connection = _connected(file)
        connection.execute("pragma user_version = 1")
    with closing(connection):
        yield Record(connection)


def last_said(file: Path) -> list[str]:
    """What was said last; nothing where there is no record."""
    if not file.exists():
        return []
    with opened(file) as record:
        return record.said()


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=60)
    try:
        connection.execute("create table if not exists copies (path text primary key, copy text)")
        connection.execute("create table if not exists said (message text)")
        connection.execute("select count(*) from copies").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _copy(told: dict[str, object]) -> Copy:
    values = dict(told)
    values["version"] = Version(**values["version"])  # type: ignore[arg-type]
    for name in ("stat", "before"):
        values[name] = tuple(values[name]) if values[name] else None  # type: ignore[arg-type]
    return Copy(**values)  # type: ignore[arg-type]
