"""`make backup TO=folder`: all of `data` and `exports`, as they stand between two runs.

Two archives come of it, for their owner alone: who has the rows is not to have the key of the
hashes as well, so the key lies in one of its own, to be kept elsewhere. What every build makes anew
is left out, and so is a history of runs that lies in a server. Each archive ends with the size and
SHA-256 of all that is in it.
"""

import hashlib
import io
import json
import os
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from orchestration.files import put_in_place
from orchestration.reference.tables import COUNCILS
from orchestration.settings import Settings, settings

CONTENTS = "backup.json"
KEYS = "keys"
FORMAT = 1
MADE_ANEW = {"dbt", "check", "explore"}
"""Folders of `data` that hold nothing of their own, and paths of this machine."""
_DATABASES = (".sqlite", ".db")
_RUNS = (
    "select coalesce(max(id), 0), count(*) filter (where status not in "
    "('SUCCESS', 'FAILURE', 'CANCELED')) from runs"
)


class BackupError(RuntimeError):
    """Why there is no backup, or none that can be put back: a code and what to do."""


def back_up(where: Settings, to: Path, now: datetime) -> list[Path]:
    """Write both archives into the folder `to`; raises `BackupError`."""
    inside = [each for each in (where.data, where.exports) if to.resolve().is_relative_to(each)]
    if not to.is_dir() or inside:
        raise BackupError(
            f"BACKUP-FOLDER | {to} | not a folder outside data and exports | one on a disk of its "
            "own, for you alone | name it: make backup TO=/path"
        )
    before = _runs(where)
    name, made = f"kpi-backup-{now:%Y-%m-%dT%H%M%S}", []
    files = list(_files(where))
    for of_keys, ending in ((False, ".tar.gz"), (True, f".{KEYS}.tar.gz")):
        target = to / f"{name}{ending}"
        with put_in_place(target, forbidden=0o077) as temporary:
            temporary.touch(mode=0o600)
            _write(temporary, [each for each in files if is_of_keys(each[0]) == of_keys], now)
        made.append(target)
    if _runs(where) != before:
        for target in made:
            target.unlink()
        raise _busy("a run began meanwhile")
    return made


def is_of_keys(name: str) -> bool:
    """Whether a file of the archive is the key of the hashes."""
    top, *inside = name.split("/")
    return top == "data" and _of_one(inside)[:1] == [KEYS]


def _of_one(parts: Sequence[str]) -> list[str]:
    """A path inside a data folder, be it that of a council of the pool."""
    return [*(parts[2:] if parts[:1] == [COUNCILS] else parts)]


def _runs(where: Settings) -> int:
    """The number of the newest run that Dagster knows, 0 where it never ran. Raises `BackupError`
    where one is in progress or waits."""
    newest = [_newest_run(folder) for folder in (where.data, *where.data.glob(f"{COUNCILS}/*"))]
    if where.history_url:
        newest.append(_newest_in_server(where.history_url))
    return sum(newest)


def _newest_run(data: Path) -> int:
    runs = data / "dagster" / "history" / "history" / "runs.db"
    if not runs.is_file():
        return 0
    with closing(sqlite3.connect(f"file:{runs}?mode=ro", uri=True)) as history:
        newest, open_ones = history.execute(_RUNS).fetchone()
    return _if_none(newest, open_ones)


def _newest_in_server(url: str) -> int:
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with create_engine(url).connect() as history:
            if not inspect(history).has_table("runs"):
                return 0
            newest, open_ones = history.execute(text(_RUNS)).one()
    except SQLAlchemyError:
        raise BackupError(
            "BACKUP-HISTORY | - | KPI_HISTORY_URL | the server does not answer whether a run is in "
            "progress | one that does | mend its address, or start it, and back up again"
        ) from None
    return _if_none(newest, open_ones)


def _if_none(newest: int, open_ones: int) -> int:
    if open_ones:
        raise _busy("a run is in progress or waits")
    return int(newest)


def _busy(what: str) -> BackupError:
    return BackupError(
        f"BACKUP-BUSY | - | {what} | none, so that what is copied belongs together | wait until it "
        "is over, or end it, and back up again"
    )


def _files(where: Settings) -> Iterator[tuple[str, Path]]:
    """Name in the archive and path of every file and folder that is to be kept."""
    for top, folder in (("data", where.data), ("exports", where.exports)):
        if folder.is_dir():
            yield top, folder
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                continue
            is_made_anew = not MADE_ANEW.isdisjoint(_of_one(inside.parts)[:1])
            if top == "data" and (is_made_anew or _is_left_over(inside)):
                continue
            yield f"{top}/{inside.as_posix()}", path


def _is_left_over(inside: Path) -> bool:
    """What a database or a killed build leaves beside its file."""
    return inside.name.endswith(("-wal", "-shm", ".tmp", ".lock")) or any(
        part.endswith(".tmp") for part in inside.parts
    )


def _write(target: Path, files: list[tuple[str, Path]], now: datetime) -> None:
    contents: dict[str, list[int | str]] = {}
    with (
        tarfile.open(target, "w:gz", compresslevel=1) as archive,
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
    ):
        for name, path in files:
            if path.is_dir():
                archive.add(path, arcname=name, recursive=False)
                continue
            copy = _copied(path, Path(folder)) if path.suffix in _DATABASES else path
            told = archive.gettarinfo(path, arcname=name)
            told.size = copy.stat().st_size
            with copy.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
                content.seek(0)
                archive.addfile(told, content)
            contents[name] = [told.size, digest]
        about = {"format": FORMAT, "made_at": now.isoformat(timespec="seconds"), "files": contents}
        content = json.dumps(about, indent=1, sort_keys=True).encode()
        told = tarfile.TarInfo(CONTENTS)
        told.size, told.mode, told.mtime = len(content), 0o600, int(now.timestamp())
        archive.addfile(told, io.BytesIO(content))


def _copied(path: Path, folder: Path) -> Path:
    """A copy of an SQLite database as one file, whoever has it open; another file as it is."""
    copy = folder / "copy"
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        try:
            source.backup(target)
        except sqlite3.DatabaseError:
            return path
    copy.chmod(0o600)
    return copy


def main(to: str) -> int:
    os.umask(0o077)
    try:
        folder = Path(to).expanduser() if to else Path.home()
        made = back_up(settings, folder, datetime.now(UTC))
    except BackupError as error:
        print(error)
        return 1
    except OSError as error:
        print(
            f"the backup failed ({type(error).__name__}): make room or mend the rights, and again"
        )
        return 1
    for path in made:
        print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
    if settings.history_url:
        print(
            "Not in them: the history of runs, which is in the server of KPI_HISTORY_URL (pg_dump)."
        )
    print("Keep the two apart, where the council keeps personal data, on another machine.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
