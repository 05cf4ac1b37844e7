"""Putting files in place so that a reader finds the old set or the new one, whole, never a mixture.

A set is written to a staging folder beside its place, flushed to disk, and changed over in one
step where the file system can (Linux: renameat2), else in two that the next publication mends.
The manifest says what the set holds; a set made from an older generation of the data never
replaces a newer one; a lock keeps two publications of the same council apart.
"""

import csv
import ctypes
import errno
import fcntl
import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration.publishing import markings
from orchestration.publishing.errors import Busy, Damaged, ExportDirectory, Fenced

MANIFEST = "manifest.json"
LOCK = ".publishing.lock"
LOCK_SECONDS = 60.0

REQUIRED_FACTS = (
    "as_at",
    "built_at",
    "code_version",
    "generation",
    "geography_code",
    "geography_name",
    "run_id",
    "synthetic",
)


@dataclass(frozen=True)
class PublishedFile:
    """What a file was when it was published; `rows` are a CSV's data rows, None for others."""

    sha256: str
    bytes: int
    rows: int | None


@dataclass(frozen=True)
class Manifest:
    """The facts of a publication (REQUIRED_FACTS at least) and its files by name."""

    facts: Mapping[str, Any]
    files: Mapping[str, PublishedFile]

    @property
    def generation(self) -> int:
        """Which state of the data the set was made from; a higher number is newer."""
        return int(self.facts["generation"])

    @property
    def synthetic(self) -> bool:
        """Whether the council is made up; manifests from before there was one do not say."""
        return bool(self.facts.get("synthetic", False))


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
    manifest = Manifest(dict(facts), {name: _described(name, files[name]) for name in files})
    with _reporting(folder), _locked(folder.parent):
        _recover(folder)
        # A set whose manifest cannot be read has no generation left to guard: it is replaced.
        with suppress(Damaged):
            published = read_manifest(folder)
            if published and published.generation > manifest.generation:
                raise _fenced(folder, published.generation, manifest.generation)
        _put_in_place(folder, files, manifest)
    return manifest


def amend(folder: Path, files: Mapping[str, bytes], generation: int) -> Manifest:
    """Add `files` to a published set, or replace those of the same name, by the same route.

    `generation` is that of the data which `files` were made from. Raises Fenced where the set was
    made from another, Damaged where the set is not there or a file of it is not what was
    published, and what `publish` raises.
    """
    with _reporting(folder), _locked(folder.parent):
        _recover(folder)
        published = read_manifest(folder)
        if published is None:
            raise _damaged(folder / MANIFEST, "no published set")
        if published.generation != generation:
            raise _fenced(folder, published.generation, generation)
        kept = {name: (folder / name).read_bytes() for name in published.files if name not in files}
        for name, content in kept.items():
            if _described(name, content) != published.files[name]:
                raise _damaged(folder / name, "not the bytes that were published")
        together = {**kept, **files}
        described = {name: _described(name, content) for name, content in together.items()}
        manifest = Manifest(published.facts, described)
        _put_in_place(folder, together, manifest)
    return manifest


def verify(folder: Path) -> list[str]:
    """What is wrong with a published set, a message for each file; empty when nothing is."""
    try:
        manifest = read_manifest(folder)
    except Damaged as fault:
        return [str(fault)]
    if manifest is None:
        return [str(_damaged(folder / MANIFEST, "no manifest"))]
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    } - {MANIFEST}
    faults = []
    for name in sorted(present | set(manifest.files)):
        if name not in present:
            faults.append(_damaged(folder / name, "missing"))
        elif name not in manifest.files:
            faults.append(_damaged(folder / name, "not in the manifest"))
        elif _described(name, (folder / name).read_bytes()) != manifest.files[name]:
            faults.append(_damaged(folder / name, "not the bytes that were published"))
    return [str(fault) for fault in faults]


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a published folder, None where there is none; Damaged if it is unreadable."""
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        files = {name: PublishedFile(**file) for name, file in told.pop("files").items()}
        told.pop("marking")
        manifest = Manifest(told, files)
        if not isinstance(told["generation"], int):
            raise TypeError
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder / MANIFEST, "not a manifest") from error
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
            _flush(new)
            os.rename(new, path)
        except BaseException:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise
        _flush(path.parent)


def _put_in_place(folder: Path, files: Mapping[str, bytes], manifest: Manifest) -> None:
    staging, aside = _staging(folder), _aside(folder)
    try:
        os.mkdir(staging)
        for name, content in files.items():
            (staging / name).parent.mkdir(exist_ok=True)
            _write(staging / name, content)
        for inner in {(staging / name).parent for name in files} - {staging}:
            _flush(inner)
        _write(staging / MANIFEST, _as_json(manifest))
        _flush(staging)
        _change_over(staging, folder, aside)
    except BaseException:
        with suppress(OSError):
            _discard(staging)
        raise
    _flush(folder.parent)
    for old in (staging, aside):
        with suppress(OSError):  # the new set stands; the next publication clears what is left
            _discard(old)


def _change_over(staging: Path, folder: Path, aside: Path) -> None:
    if not os.path.lexists(folder):
        os.rename(staging, folder)
        return
    if folder.is_symlink() or not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if _exchange(staging, folder):
        return
    os.rename(folder, aside)
    try:
        os.rename(staging, folder)
    except OSError:
        os.rename(aside, folder)
        raise


def _recover(folder: Path) -> None:
    """Undo what a killed publication has left: bring back a set put aside, clear the rest."""
    aside = _aside(folder)
    if aside.exists() and not os.path.lexists(folder):
        os.rename(aside, folder)
    _discard(_staging(folder))
    _discard(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system has no such call."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0:
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


def _flush(path: Path) -> None:
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


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        with suppress(FileExistsError):
            os.mkdir(folder)
        _flush(folder.parent)


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


def _described(name: str, content: bytes) -> PublishedFile:
    parts = name.split("/")
    if name == MANIFEST or len(parts) > 2 or any(not part or part[0] == "." for part in parts):
        raise ValueError(f"{name} is not a name for a published file")
    rows = _csv_rows(content) if name.endswith(".csv") else None
    return PublishedFile(hashlib.sha256(content).hexdigest(), len(content), rows)


def _csv_rows(content: bytes) -> int:
    return max(sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8")))) - 1, 0)


def _as_json(manifest: Manifest) -> bytes:
    told = {
        **manifest.facts,
        "marking": ". ".join(markings(manifest.synthetic)),
        "files": {name: asdict(file) for name, file in manifest.files.items()},
    }
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True)
    return text.encode("utf-8") + b"\n"


def _fenced(folder: Path, standing: int, ours: int) -> Fenced:
    return Fenced(
        folder,
        f"holds generation {standing} of the data, this run has generation {ours}",
        "a run made from the same generation, or a newer one",
        "end this run if it still works, and run the job again: it reads the newest data; after "
        "data/warehouse was lost, move the officers folder of the exports aside first"
        if standing > ours
        else "publish the edition first, then what is added to it",
    )


def _damaged(path: Path, found: str) -> Damaged:
    return Damaged(
        path,
        found,
        "the files that were published, as the manifest lists them",
        "run the job again: it publishes the whole set anew",
        meanwhile="use no file of this folder",
    )
