"""Which build of the warehouse is whole, and whose turn it is to touch it.

Every dbt build gets the next generation number. It is `green` only when every model and every test
of it has passed; readers take nothing else, and an older generation is never published over a newer
one. Two processes are kept apart by a lock on the warehouse folder, because Dagster's own limits do
not bind `dagster job execute`.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STATE = "generation.json"
LOCK = ".lock"


class NotGreen(RuntimeError):
    """There is no whole build to read; the message says what to do."""


@contextmanager
def building(warehouse: Path) -> Iterator[int]:
    """The number of a new generation; it turns green when the block ends without an error."""
    warehouse.mkdir(parents=True, exist_ok=True)
    with _lock(warehouse, fcntl.LOCK_EX):
        generation = _read(warehouse).get("generation", 0) + 1
        _write(warehouse, generation, green=False)
        yield generation
        _write(warehouse, generation, green=True)


@contextmanager
def emptied(warehouse: Path) -> Iterator[None]:
    """Keep builders and readers away while what the builds were made from changes.

    Afterwards there is no green build until the next one.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    with _lock(warehouse, fcntl.LOCK_EX):
        _write(warehouse, _read(warehouse).get("generation", 0), green=False)
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
        yield state["generation"]


@contextmanager
def _lock(warehouse: Path, kind: int) -> Iterator[None]:
    descriptor = os.open(warehouse / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)


def _read(warehouse: Path) -> dict[str, int]:
    path = warehouse / STATE
    return json.loads(path.read_text()) if path.exists() else {}


def _write(warehouse: Path, generation: int, green: bool) -> None:
    part = warehouse / f"{STATE}.part"
    part.write_text(json.dumps({"generation": generation, "green": green}))
    part.replace(warehouse / STATE)
