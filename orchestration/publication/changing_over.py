"""Changing a folder over from the old set to the new one, whole, and what a kill leaves behind."""

import ctypes
import errno
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from orchestration.publication.manifest import MANIFEST, Manifest, manifest_json


def put_set_in_place(folder: Path, files: Mapping[str, bytes], manifest: Manifest) -> None:
    staging, aside = _staging(folder), _aside(folder)
    try:
        os.mkdir(staging)
        for name, content in files.items():
            (staging / name).parent.mkdir(exist_ok=True)
            _write(staging / name, content)
        for inner in {(staging / name).parent for name in files} - {staging}:
            flush(inner)
        _write(staging / MANIFEST, manifest_json(manifest))
        flush(staging)
        _change_over(staging, folder, aside)
    except BaseException:
        with suppress(OSError):
            _discard(staging)
        raise
    flush(folder.parent)
    for old in (staging, aside):
        with suppress(OSError):  # the new set stands; the next publication clears what is left
            _discard(old)


def _change_over(staging: Path, folder: Path, aside: Path) -> None:
    if not os.path.lexists(folder):
        os.rename(staging, folder)
        return
    if folder.is_symlink() or not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if exchange(staging, folder):
        return
    os.rename(folder, aside)
    try:
        os.rename(staging, folder)
    except OSError:
        os.rename(aside, folder)
        raise


def recover(folder: Path) -> None:
    """Undo what a killed publication has left: bring back a set put aside, clear the rest."""
    aside = _aside(folder)
    if aside.exists() and not os.path.lexists(folder):
        os.rename(aside, folder)
    _discard(_staging(folder))
    _discard(aside)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system has no such call."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    here, in_exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if renameat2(here, os.fsencode(one), here, os.fsencode(other), in_exchange) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number))


def _staging(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.staging")


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.aside")


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush(path: Path) -> None:
    """Flush a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network shares cannot flush a folder; a file must be.
        if not path.is_dir() or error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
