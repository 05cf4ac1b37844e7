"""Every file as it was delivered, accepted or refused, for its owner alone and for a time."""

import hashlib
import os
import shutil
from pathlib import Path

from orchestration.deliveries.layout import Paths
from orchestration.files import put_in_place


def keep(paths: Paths, file: Path, sha256: str) -> bool:
    """Copy `file` to `originals/<sha256>`; False where it no longer has these bytes.

    Never follows a link. Raises `OSError` where the copy cannot be written.
    """
    target = paths.original(sha256)
    if target.exists():
        return True
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    with open(descriptor, "rb") as delivered, put_in_place(target, forbidden=0o077) as temporary:
        temporary.touch(mode=0o600)
        with temporary.open("wb") as copy:
            shutil.copyfileobj(delivered, copy)
        with temporary.open("rb") as copy:
            is_same = hashlib.file_digest(copy, "sha256").hexdigest() == sha256
    if not is_same:
        target.unlink()
    return is_same
