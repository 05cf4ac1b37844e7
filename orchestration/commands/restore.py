"""`make restore FROM=archive`: a backup put back where nothing lies yet, every file as it was.

All is unpacked beside its place and held against the archive's own list of sizes and hashes before
anything is moved: a damaged archive leaves nothing behind.
"""

import hashlib
import json
import os
import shutil
import sys
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from orchestration.commands.back_up import CONTENTS, FORMAT, KEYS, BackupError, is_of_keys
from orchestration.commands.verify_exports import faults_of
from orchestration.settings import Settings, settings

_OF_A_CLONE = {"README.md"}
"""What lies in an empty `exports` of a fresh clone."""


def restore(where: Settings, archive: Path) -> int:
    """How many files were put back; raises `BackupError`. The archive of the key is looked for
    beside it."""
    for folder in (where.data, where.exports):
        if folder.exists() and {each.name for each in folder.iterdir()} - _OF_A_CLONE:
            raise BackupError(
                f"RESTORE-NOT-EMPTY | {folder} | files that a restore would mix with the old ones "
                f"| an empty folder, or none | move it away: mv {folder} {folder}.old"
            )
    keys = archive.with_name(f"{archive.name.removesuffix('.tar.gz')}.{KEYS}.tar.gz")
    places = {"data": where.data, "exports": where.exports}
    beside = {top: place.with_name(f".{place.name}.restoring") for top, place in places.items()}
    try:
        number = 0
        for path, of_keys in ((archive, False), (keys, True)):
            number += _unpack(path, beside, of_keys)
        for top, place in places.items():
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(beside[top].stat().st_mode & 0o777 if beside[top].exists() else 0o700)
            for each in beside[top].iterdir() if beside[top].exists() else ():
                each.replace(place / each.name)
    finally:
        for folder in beside.values():
            shutil.rmtree(folder, ignore_errors=True)
    return number


def _unpack(path: Path, beside: dict[str, Path], of_keys: bool) -> int:
    """Unpack one archive and hold it against its own list."""
    found: dict[str, Path] = {}
    folders: dict[Path, int] = {}
    contents: dict[str, list[int | str]] | None = None
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                parts = PurePosixPath(member.name).parts
                if member.name == CONTENTS:
                    about = json.loads(_content(archive, member))
                    if about.get("format") != FORMAT:
                        raise _damaged(path, "a format that this version does not know")
                    contents = about["files"]
                    continue
                is_inside = parts and parts[0] in beside and ".." not in parts[1:]
                is_kept = is_inside and is_of_keys(member.name) == of_keys
                if not (is_kept and (member.isfile() or member.isdir())):
                    raise _damaged(path, "a member that no backup has")
                target = beside[parts[0]].joinpath(*parts[1:])
                if member.isdir():
                    target.mkdir(mode=0o700, parents=True, exist_ok=True)
                    folders[target] = member.mode
                else:
                    _put(archive, member, target)
                    found[member.name] = target
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"an archive that cannot be read ({type(error).__name__})") from None
    except FileNotFoundError:
        what = "the archive of the key of the hashes is not beside it" if of_keys else "not there"
        raise BackupError(
            f"RESTORE-MISSING | {path} | {what} | both archives of one backup in one folder | put "
            "them together for the restore, and apart again afterwards"
        ) from None
    wrong = set(contents or {}) ^ set(found)
    wrong |= {
        name
        for name, target in found.items()
        if contents
        and name not in wrong
        and [target.stat().st_size, _sha256(target)] != contents[name]
    }
    if contents is None or wrong:
        raise _damaged(path, f"{len(wrong) or 'all'} files that are not as they were backed up")
    for folder, mode in folders.items():
        folder.chmod(mode & 0o755)
    return len(found)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = archive.extractfile(member)
    if opened is None:
        raise ValueError(member.name)
    return opened.read()


def _put(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    opened = archive.extractfile(member)
    if opened is None:
        raise ValueError(member.name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("wb") as written:
        shutil.copyfileobj(opened, written)
    target.chmod(member.mode & 0o755)
    os.utime(target, (member.mtime, member.mtime))


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _damaged(path: Path, what: str) -> BackupError:
    return BackupError(
        f"RESTORE-DAMAGED | {path} | {what} | an archive that make backup wrote | take an older "
        "backup; nothing was put back from this one"
    )


def main(archive: str) -> int:
    if not archive:
        print("name the archive: make restore FROM=kpi-backup-2026-03-04T200000.tar.gz")
        return 2
    try:
        number = restore(settings, Path(archive).expanduser())
    except BackupError as error:
        print(error)
        return 1
    except OSError as error:
        print(
            f"the restore failed ({type(error).__name__}): make room or mend the rights, and again"
        )
        return 1
    faults = faults_of(settings.exports, settings.publications)
    print(*faults, f"{number} files are back; deliver what came since, and: make run", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
