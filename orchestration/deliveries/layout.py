"""Where deliveries live on disk, and how a file is put there: whole or not at all."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Paths:
    """The folders of the data folder that check-in reads and writes."""

    incoming: Path
    raw: Path
    quarantine: Path
    ledger: Path

    def raw_file(self, extract: str, month: str) -> Path:
        """Accepted rows of the delivery for `month` (YYYY-MM)."""
        return self.raw / extract / f"{month}.parquet"

    def empty_file(self, extract: str) -> Path:
        """Typed parquet without rows, so that reading `<extract>/*.parquet` always works."""
        return self.raw / extract / "_empty.parquet"

    def quarantine_file(self, extract: str, month: str) -> Path:
        """Rows set aside by the last check of `month` that reached the rows."""
        return self.quarantine / extract / f"{month}.parquet"

    @property
    def originals(self) -> Path:
        """Files as they were delivered, each named by its SHA-256; restricted."""
        return self.raw.parent / "originals"

    def original(self, sha256: str) -> Path:
        return self.originals / sha256

    @property
    def keys(self) -> Path:
        """Where the key of the person hashes lies, beside the other folders."""
        return self.raw.parent / "keys"

    @property
    def forgotten(self) -> Path:
        """The hashes of those who are never taken in again, a line each; restricted."""
        return self.keys / "forgotten.txt"

    @property
    def tombstones(self) -> Path:
        return self.ledger / "tombstones"

    @property
    def receipts(self) -> Path:
        return self.ledger / "receipts"


def is_month(text: str) -> bool:
    """Whether `text` is a month as YYYY-MM."""
    return _MONTH.fullmatch(text) is not None


def make_folders(paths: Paths, extract: str) -> None:
    """Make the folders of `extract`: only the owner may write to them, and only the owner may look
    where rows about people are."""
    for root, name, mode in (
        (paths.raw, extract, 0o700),
        (paths.ledger, "receipts", 0o755),
        (paths.quarantine, extract, 0o700),
        (paths.originals, "", 0o700),
    ):
        (root / name).mkdir(parents=True, exist_ok=True)
        for folder in (root, root / name):
            present = stat.S_IMODE(folder.stat().st_mode)
            if present & ~mode:
                folder.chmod(present & mode)


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
