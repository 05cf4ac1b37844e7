"""A backup put back on an empty machine is what was backed up, or nothing."""

import hashlib
import io
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.commands.back_up import KEYS, BackupError, back_up
from orchestration.commands.restore import restore
from orchestration.commands.verify_exports import faults_of
from orchestration.settings import Settings, settings

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file of a folder that is backed up, databases that are open apart: mode and hash."""
    left_out = {"dbt", "check", "dagster"}
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mode & 0o777,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in folder.rglob("*")
        if path.is_file()
        and path.relative_to(folder).parts[0] not in left_out
        and not path.name.endswith((".sqlite", "-wal", "-shm", ".lock"))
    }


@pytest.fixture(scope="module")
def archives(whole_job, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    assert whole_job.success
    return back_up(settings, tmp_path_factory.mktemp("backup"), NOW)


def elsewhere(folder: Path) -> Settings:
    return replace(settings, data=folder / "data", exports=folder / "exports")


def test_an_empty_machine_has_everything_again(archives: list[Path], tmp_path: Path) -> None:
    there = elsewhere(tmp_path)
    there.exports.mkdir()
    (there.exports / "README.md").write_text("of the clone")
    assert restore(there, archives[0]) > 200
    assert contents(there.data) == contents(settings.data)
    (there.exports / "README.md").unlink()
    assert contents(there.exports) == contents(settings.exports)
    assert not faults_of(there.exports, there.publications)
    for top, folder in (("data", settings.data), ("exports", settings.exports)):
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir() and "dagster" not in path.parts and "dbt" not in path.parts:
                again = tmp_path / top / path.relative_to(folder)
                if again.is_dir():
                    assert again.stat().st_mode == path.stat().st_mode, again
    with closing(sqlite3.connect(there.outbox)) as outbox:
        assert outbox.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert not list(tmp_path.glob(".*restoring"))


def test_the_key_lies_in_an_archive_of_its_own_and_both_are_for_the_owner(
    archives: list[Path],
) -> None:
    names = []
    for archive in archives:
        assert archive.stat().st_mode & 0o777 == 0o600
        with tarfile.open(archive) as opened:
            names.append({name.rsplit("/", 1)[0] for name in opened.getnames()})
    assert f"data/{KEYS}" in names[1] and not {each for each in names[0] if KEYS in each}
    assert {each for each in names[1] if each.startswith("data/")} == {f"data/{KEYS}"}


def cut(archive: Path, key: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-2000])


def changed(archive: Path, key: Path) -> None:
    rewritten(archive, lambda name, content: content + b" " if name.endswith(".json") else content)


def without_a_file(archive: Path, key: Path) -> None:
    rewritten(archive, lambda name, content: None if "receipts" in name else content)


def without_its_key(archive: Path, key: Path) -> None:
    key.unlink()


def of_another_kind(archive: Path, key: Path) -> None:
    archive.write_bytes(b"no archive")


def with_a_stranger(archive: Path, key: Path) -> None:
    with tarfile.open(archive, "w:gz") as written:
        written.addfile(tarfile.TarInfo("elsewhere/file"), io.BytesIO())


def rewritten(archive: Path, how: Callable[[str, bytes], bytes | None]) -> None:
    with tarfile.open(archive) as opened:
        members = [(m, opened.extractfile(m).read()) for m in opened if m.isfile()]
    with tarfile.open(archive, "w:gz", compresslevel=1) as written:
        for member, before in members:
            content = before if member.name == "backup.json" else how(member.name, before)
            if content is not None:
                member.size = len(content)
                written.addfile(member, io.BytesIO(content))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation of a few files."""
    where = elsewhere(tmp_path_factory.mktemp("small"))
    for name in ("data/ledger/receipts/a.json", "data/keys/pseudonym.key", "exports/index.html"):
        file = where.data.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode() * 500)
    return where


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (cut, "RESTORE-DAMAGED"),
        (changed, "RESTORE-DAMAGED"),
        (without_a_file, "RESTORE-DAMAGED"),
        (of_another_kind, "RESTORE-DAMAGED"),
        (with_a_stranger, "RESTORE-DAMAGED"),
        (without_its_key, "RESTORE-MISSING"),
    ],
)
def test_a_damaged_backup_leaves_nothing_behind(
    damage: Callable[[Path, Path], None], code: str, small: Settings, tmp_path: Path
) -> None:
    archive, key = back_up(small, tmp_path, NOW)
    damage(archive, key)
    there = elsewhere(tmp_path / "there")
    there.data.parent.mkdir()
    with pytest.raises(BackupError, match=f"^{code} "):
        restore(there, archive)
    assert not [path for path in there.data.parent.rglob("*") if path.is_file()]
    assert not list(there.data.parent.glob(".*"))


def test_what_lies_there_already_is_never_mixed(small: Settings, tmp_path: Path) -> None:
    archive, _ = back_up(small, tmp_path, NOW)
    there = elsewhere(tmp_path / "there")
    there.data.mkdir(parents=True)
    (there.data / "old").write_text("old")
    with pytest.raises(BackupError, match=r"^RESTORE-NOT-EMPTY "):
        restore(there, archive)
    assert [path.name for path in there.data.iterdir()] == ["old"]
    shutil.rmtree(there.data)
    assert restore(there, archive) == 3


@pytest.mark.parametrize("status", ["STARTED", "QUEUED", "STARTING"])
def test_no_backup_is_made_of_half_a_run(status: str, small: Settings, tmp_path: Path) -> None:
    runs = small.data / "dagster" / "history" / "history" / "runs.db"
    runs.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(runs)) as history:
        history.execute("create table runs (id integer primary key, status text)")
        history.execute("insert into runs (status) values ('SUCCESS'), (?)", [status])
        history.commit()
    try:
        with pytest.raises(BackupError, match=r"^BACKUP-BUSY "):
            back_up(small, tmp_path, NOW)
        assert not list(tmp_path.iterdir())
    finally:
        shutil.rmtree(small.data / "dagster")


def test_a_backup_into_itself_is_refused(small: Settings) -> None:
    for folder in (small.data, small.exports, small.data / "none"):
        with pytest.raises(BackupError, match=r"^BACKUP-FOLDER "):
            back_up(small, folder, NOW)
