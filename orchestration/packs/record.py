"""What packs have published: their figures, kept for ever, and a log that cannot be altered unseen.

Each line of the log holds the hash of the line before it and the hash of the pack's manifest, so a
changed, added or removed line, or a pack put together by hand, is found by `make verify`.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.disclosure.history import Hidden, Publication
from orchestration.editions.figures import Figure, Place, place_of
from orchestration.files import put_in_place
from orchestration.publication.errors import RecordBroken
from orchestration.publication.manifest import MANIFEST

LOG = "log.jsonl"


@dataclass(frozen=True)
class Published:
    """One issue of a meeting's pack, and what it printed and hid, since `at`; `texts` are None of
    one from before they were kept."""

    meeting_id: str
    issue: int
    at: str
    publication: Publication
    texts: Mapping[str, tuple[str, str]] | None = None

    def shown(self, indicator_id: str, place: Place) -> Figure | None:
        """The figure that it printed there, if it printed one."""
        if place in self.publication.hidden.get(indicator_id, ()):
            return None
        return self.publication.figures.get(indicator_id, {}).get(place)


@contextmanager
def recording(folder: Path) -> Iterator[None]:
    """One publication at a time: what was printed before must be known whole."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_publications(folder: Path, codes: Collection[str]) -> list[Published]:
    """What was published of a council under any of its codes, oldest first, as the log has it.

    Raises RecordBroken where a file that the log names is not as it was written.
    """
    return [_read(folder, entry) for entry in read_log(folder) if entry["geography_code"] in codes]


def oldest_first(*told: Sequence[Published]) -> list[Publication]:
    """What several logs have of one council, as readers were told it."""
    together = [each for of_log in told for each in of_log]
    return [each.publication for each in sorted(together, key=lambda each: each.at)]


def write_figures(
    folder: Path,
    figures: Mapping[str, Mapping[Place, Figure]],
    hidden: Hidden,
    name: str,
) -> None:
    """Keep what a pack prints and hides as file `name`, for its owner alone; it counts when the
    log names it."""
    rows = [
        {
            "indicator_id": each,
            "breakdown": place[0],
            "part": place[1],
            "period_type": figure.period_type,
            "period_start": figure.period_start.isoformat(),
            "period_end": figure.period_end.isoformat(),
            **{side: _text(getattr(figure, side)) for side in _SIDES},
            "status": figure.status,
            "hidden": place in hidden.get(each, ()),
        }
        for each, at in figures.items()
        for place, figure in sorted(at.items())
    ]
    with put_in_place(folder / name, forbidden=0o277) as temporary:
        temporary.write_text(json.dumps(rows, indent=0), encoding="utf-8")


def append_to_log(folder: Path, entry: Mapping[str, Any]) -> None:
    """Add a line: who published what and when, from what, tied to all the lines before it."""
    entries = read_log(folder)
    chained = {**entry, "previous": entries[-1]["sha256"] if entries else ""}
    line = json.dumps({**chained, "sha256": _sha256(chained)}, sort_keys=True)
    before = (folder / LOG).read_text(encoding="utf-8") if entries else ""
    with put_in_place(folder / LOG) as temporary:
        temporary.write_text(before + line + "\n", encoding="utf-8")


def read_log(folder: Path) -> list[dict[str, Any]]:
    """The lines of the log, oldest first. Raises RecordBroken where one was altered."""
    log = folder / LOG
    if not log.exists():
        return []
    entries: list[dict[str, Any]] = []
    for number, line in enumerate(log.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            claimed = entry["sha256"]
            rest = {name: value for name, value in entry.items() if name != "sha256"}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise broken(log, f"line {number} is not a line of the log") from None
        previous = entries[-1]["sha256"] if entries else ""
        if claimed != _sha256(rest) or rest.get("previous") != previous:
            raise broken(log, f"line {number} does not follow from the line before it")
        entries.append(entry)
    return entries


def record_faults(folder: Path, packs: Path) -> list[str]:
    """What is wrong with the log, and which packs it does not know or are not what it says."""
    if faults := log_faults(folder):
        return faults
    entries = read_log(folder)
    standing = {path.parent for path in packs.glob(f"[!.]*/issue-*/{MANIFEST}")}
    known = {
        packs / entry["meeting_id"] / f"issue-{entry['issue']}": entry["manifest_sha256"]
        for entry in entries
    }
    for entry in entries:
        if marked := entry.get("superseded"):
            known[packs / entry["meeting_id"] / f"issue-{marked['issue']}"] = marked[
                "manifest_sha256"
            ]
    faults = [
        broken(path, "a pack that the log does not know") for path in sorted(standing - set(known))
    ]
    for path, manifest_sha256 in known.items():
        if path not in standing:
            faults.append(broken(path, "a pack that the log knows is not there"))
        elif file_sha256(path / MANIFEST) != manifest_sha256:
            faults.append(broken(path / MANIFEST, "not the manifest that the log knows"))
    return [str(fault) for fault in faults]


def log_faults(folder: Path) -> list[str]:
    """What is wrong with a log and the figures that it names."""
    try:
        for entry in read_log(folder):
            _read(folder, entry)
    except RecordBroken as fault:
        return [str(fault)]
    return []


def file_sha256(path: Path) -> str:
    """The hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def broken(path: Path, found: str) -> RecordBroken:
    """The fault that stops a publication until somebody has looked."""
    return RecordBroken(
        path,
        found,
        "the log and the packs as they were published",
        "find out who changed it, and bring back the log's folder and the exports from a backup",
        meanwhile="no pack is published: what was printed before has to be known",
    )


_SIDES = ("numerator", "denominator", "value")


def _read(folder: Path, entry: Mapping[str, Any]) -> Published:
    path = folder / entry["figures"]
    if not path.exists() or file_sha256(path) != entry["figures_sha256"]:
        raise broken(path, "not the figures that the log knows")
    figures: dict[str, dict[Place, Figure]] = {}
    hidden: dict[str, set[Place]] = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        figure = Figure(
            row["period_type"],
            date.fromisoformat(row["period_start"]),
            date.fromisoformat(row["period_end"]),
            *(None if row[side] is None else Decimal(row[side]) for side in _SIDES),
            row["status"],
        )
        place = place_of(figure, row["breakdown"], row["part"])
        figures.setdefault(row["indicator_id"], {})[place] = figure
        if row["hidden"]:
            hidden.setdefault(row["indicator_id"], set()).add(place)
    frozen = {each: frozenset(places) for each, places in hidden.items()}
    texts = entry.get("texts")
    written = None if texts is None else {each: (raw, told) for each, (raw, told) in texts.items()}
    publication = Publication(figures, frozen)
    return Published(entry["meeting_id"], entry["issue"], entry["at"], publication, written)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _sha256(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
