"""What a published set holds, and whether it still does."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration.publication.errors import Damaged
from orchestration.publication.markings import markings

MANIFEST = "manifest.json"
INDEX = "index.html"

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


def verify(folder: Path) -> list[str]:
    """What is wrong with a published set, a message for each file; empty when nothing is."""
    try:
        manifest = read_manifest(folder)
    except Damaged as fault:
        return [str(fault)]
    if manifest is None:
        return [str(damaged(folder / MANIFEST, "no manifest"))]
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    } - {MANIFEST}
    faults = []
    for name in sorted(present | set(manifest.files)):
        if name not in present:
            faults.append(damaged(folder / name, "missing"))
        elif name not in manifest.files:
            faults.append(damaged(folder / name, "not in the manifest"))
        elif description_of(name, (folder / name).read_bytes()) != manifest.files[name]:
            faults.append(damaged(folder / name, "not the bytes that were published"))
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
        raise damaged(folder / MANIFEST, "not a manifest") from error
    return manifest


def description_of(name: str, content: bytes) -> PublishedFile:
    parts = name.split("/")
    if name == MANIFEST or len(parts) > 2 or any(not part or part[0] == "." for part in parts):
        raise ValueError(f"{name} is not a name for a published file")
    rows = _csv_rows(content) if name.endswith(".csv") else None
    return PublishedFile(hashlib.sha256(content).hexdigest(), len(content), rows)


def _csv_rows(content: bytes) -> int:
    return max(sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8")))) - 1, 0)


def manifest_json(manifest: Manifest) -> bytes:
    told = {
        **manifest.facts,
        "marking": ". ".join(markings(manifest.synthetic)),
        "files": {name: asdict(file) for name, file in manifest.files.items()},
    }
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True)
    return text.encode("utf-8") + b"\n"


def damaged(path: Path, found: str) -> Damaged:
    return Damaged(
        path,
        found,
        "the files that were published, as the manifest lists them",
        "run the job again: it publishes the whole set anew",
        meanwhile="use no file of this folder",
    )
