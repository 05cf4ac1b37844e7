"""Where this project lies, and how a file of it is put in place: whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def make_private(folder: Path) -> None:
    """Make a folder for its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def put_in_place(target: Path, *, forbidden: int = 0o022) -> Iterator[Path]:
    """Yield a temporary path beside `target`; sync it and rename it to `target` at the end.

    On any error the temporary file goes and `target` stays as it was. `forbidden` are the
    permission bits that are taken away (0o077 leaves the file to its owner).
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.chmod(stat.S_IMODE(temporary.stat().st_mode) & ~forbidden)
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
