"""Which code and reference data made a file: a fingerprint that needs no tool and no clock."""

import hashlib
from functools import cache
from pathlib import Path

from orchestration.files import PROJECT

SUFFIXES = {".csv", ".j2", ".parquet", ".py", ".sql", ".yml"}


@cache
def code_version() -> str:
    """Twelve hex digits over the code, models and seeds; the same files give the same digits."""
    return fingerprint(*(PROJECT / name for name in ("orchestration", "dbt_project", "seeds")))[:12]


def fingerprint(*folders: Path) -> str:
    """The SHA-256 of what the sources below these folders hold, as hex digits."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(_sources(folder)):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES and not {"target", "logs"} & set(path.parts)
    ]
