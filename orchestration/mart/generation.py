"""Which build of the warehouse is whole, and whose turn it is to touch it.

Every dbt build gets the next generation number. It is `green` only when every model and every test
of it has passed; what its file then holds is recorded by its hash, and readers take nothing else:
a file that was built or changed by anybody else since is no generation. An older one is never
published over a newer one. Two processes are kept apart by a lock on the warehouse folder, because
Dagster's own limits do not bind `dagster job execute`.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration.files import put_in_place

BUILD = "build.duckdb"
STATE = "generation.json"
LOCK = ".lock"


class NotGreen(RuntimeError):
    """There is no whole build to read; the message says what to do."""


@contextmanager
def building(warehouse: Path, exports: Path) -> Iterator[int]:
    """The number of a new generation; it turns green when the block ends without an error.

    `exports` is asked for the number where the folder `warehouse` cannot tell it any more, so that
    no published folder is ever newer than the next build.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    with _lock(warehouse, fcntl.LOCK_EX):
        generation = 1 + _last(warehouse, exports)
        _write(warehouse, generation, green=False)
        yield generation
        _write(warehouse, generation, green=True, sha256=_content(warehouse))


@contextmanager
def emptied(warehouse: Path, exports: Path) -> Iterator[None]:
    """Keep builders and readers away while what the builds were made from changes.

    Afterwards there is no green build until the next one.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    with _lock(warehouse, fcntl.LOCK_EX):
        _write(warehouse, _last(warehouse, exports), green=False)
        yield


@contextmanager
def reading(warehouse: Path) -> Iterator[int]:
    """The generation that stands; no build starts until the block ends. Raises `NotGreen`."""
    if not (warehouse / STATE).exists():
        raise NotGreen("BUILD-MISSING: there is no build yet: run the whole job (make run)")
    with _lock(warehouse, fcntl.LOCK_SH):
        state = _read(warehouse)
        if not state.get("green"):
            raise NotGreen(
                "BUILD-NOT-GREEN: the last build did not pass all its tests, so nothing is "
                "published from it and the last good files stay: mend what its run shows, "
                "then run the whole job again"
            )
        if state.get("sha256") != _content(warehouse):
            raise NotGreen(
                f"BUILD-CHANGED: {warehouse.name}/{BUILD} is not what the last green run built: "
                "it was built or changed by another command since, so nothing is published from "
                "it and the last good files stay: run the whole job again (make run)"
            )
        yield int(state["generation"])


def remove_builds(*files: Path) -> None:
    """Remove warehouse files with all that lies beside them under their names: a log, a lock, or
    the folder that DuckDB spills to, which a killed build leaves behind with rows in it."""
    for file in files:
        for left in file.parent.glob(f"{file.name}*"):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()


def _content(warehouse: Path) -> str:
    """The SHA-256 of the build with its log, if it has one; empty where there is no build."""
    build, digest = warehouse / BUILD, hashlib.sha256()
    if not build.is_file():
        return ""
    for file in (build, build.with_name(f"{BUILD}.wal")):
        if file.is_file():
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


@contextmanager
def _lock(warehouse: Path, kind: int) -> Iterator[None]:
    descriptor = os.open(warehouse / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)


def _read(warehouse: Path) -> dict[str, Any]:
    """The state; nothing where there is none, or none that can be read."""
    try:
        state = json.loads((warehouse / STATE).read_bytes())
        return state if isinstance(state["generation"], int) else {}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}


def _last(warehouse: Path, exports: Path) -> int:
    """The last generation's number, by the state or else by what is published; 0 before any."""
    if state := _read(warehouse):
        return int(state["generation"])
    numbers = [0]
    for manifest in exports.rglob("manifest.json"):
        try:
            numbers.append(int(json.loads(manifest.read_bytes())["generation"]))
        except (ValueError, KeyError, TypeError):
            continue
    return max(numbers)


def _write(warehouse: Path, generation: int, green: bool, sha256: str = "") -> None:
    state = {"generation": generation, "green": green, "sha256": sha256}
    with put_in_place(warehouse / STATE) as temporary:
        temporary.write_text(json.dumps(state), encoding="utf-8")
