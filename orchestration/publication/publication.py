"""Putting files in place so that a reader finds the old set or the new one, whole, never a mixture.

A set is written to a staging folder beside its place, flushed to disk, and changed over in one
step where the file system can (Linux: renameat2), else in two that the next publication mends.
The manifest says what the set holds; a set made from an older generation of the data never
replaces a newer one; a lock keeps two publications of the same council apart.
"""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from orchestration.publication.changing_over import flush, put_set_in_place, recover
from orchestration.publication.errors import Busy, Damaged, ExportDirectory, Fenced
from orchestration.publication.manifest import (
    MANIFEST,
    REQUIRED_FACTS,
    Manifest,
    damaged,
    description_of,
    read_manifest,
)

LOCK = ".publishing.lock"
LOCK_SECONDS = 60.0


def publish(folder: Path, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> Manifest:
    """Put the whole set `files` (name to content) in place as `folder`, with its manifest.

    A name may have one folder before it, as public/dashboards.html.

    `facts` holds REQUIRED_FACTS, as JSON can: `generation` a whole number that rises with the
    data, `built_at` the time the data were received, never now, `synthetic` whether the council is
    made up. The same files and facts give the same bytes.
    Raises Fenced where `folder` holds a newer generation, Busy where another publication keeps the
    lock, ExportDirectory where the folder cannot be written: then the old set stays.
    """
    missing = [fact for fact in REQUIRED_FACTS if fact not in facts]
    if missing:
        raise ValueError(f"facts lack {', '.join(missing)}")
    if not isinstance(facts["generation"], int):
        raise ValueError("the generation is not a whole number")
    manifest = Manifest(dict(facts), {name: description_of(name, files[name]) for name in files})
    with _reporting(folder), _locked(folder.parent):
        recover(folder)
        # A set whose manifest cannot be read has no generation left to guard: it is replaced.
        with suppress(Damaged):
            published = read_manifest(folder)
            if published and published.generation > manifest.generation:
                raise _fenced(folder, published.generation, manifest.generation)
        put_set_in_place(folder, files, manifest)
    return manifest


def amend(folder: Path, files: Mapping[str, bytes], generation: int) -> Manifest:
    """Add `files` to a published set, or replace those of the same name, by the same route.

    `generation` is that of the data which `files` were made from. Raises Fenced where the set was
    made from another, Damaged where the set is not there or a file of it is not what was
    published, and what `publish` raises.
    """
    with _reporting(folder), _locked(folder.parent):
        recover(folder)
        published = read_manifest(folder)
        if published is None:
            raise damaged(folder / MANIFEST, "no published set")
        if published.generation != generation:
            raise _fenced(folder, published.generation, generation)
        kept = {name: (folder / name).read_bytes() for name in published.files if name not in files}
        for name, content in kept.items():
            if description_of(name, content) != published.files[name]:
                raise damaged(folder / name, "not the bytes that were published")
        together = {**kept, **files}
        described = {name: description_of(name, content) for name, content in together.items()}
        manifest = Manifest(published.facts, described)
        put_set_in_place(folder, together, manifest)
    return manifest


def replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Replace one file in one step: `write` makes the new one at the path it is given.

    `write` runs while the lock is held, so what it looks up in the folder cannot be older than
    what another publication has written. Raises what `publish` raises, and what `write` raises.
    """
    new = path.with_name(f".{path.name}.new")
    with _reporting(path), _locked(path.parent):
        new.unlink(missing_ok=True)
        try:
            write(new)
            flush(new)
            os.rename(new, path)
        except BaseException:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise
        flush(path.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        with suppress(FileExistsError):
            os.mkdir(folder)
        flush(folder.parent)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    _make_folder(folder)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _lock(handle):
            if time.monotonic() > deadline:
                raise Busy(
                    folder / LOCK,
                    f"another publication has held the lock for {LOCK_SECONDS:.0f} seconds",
                    "a lock that is free within that time",
                    "wait for the other run or stop it, then run the job again",
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _reporting(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportDirectory(
            path,
            f"cannot be written: {os.strerror(error.errno or errno.EIO)}",
            "a folder that this user may write to, with room on the disk",
            "put that right and run the job again: nothing needs to be cleared by hand",
        ) from error


def _fenced(folder: Path, standing: int, ours: int) -> Fenced:
    return Fenced(
        folder,
        f"holds generation {standing} of the data, this run has generation {ours}",
        "a run made from the same generation, or a newer one",
        "end this run if it still works, and run the job again: it reads the newest data; after "
        "data was restored from an older backup, move the exports' officers folder aside first"
        if standing > ours
        else "publish the edition first, then what is added to it",
    )
