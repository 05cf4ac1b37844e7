"""The packs of the index: by meeting, newest first, each with its state and what is missing."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.editions import words
from orchestration.publication.errors import Damaged
from orchestration.publication.manifest import Manifest, read_manifest

_LABELS = {
    "READ-ME-FIRST.txt": "Read me first",
    "texts.xlsx": "Form for the texts",
    "paper.pdf": "Paper (PDF)",
    "covering_report.docx": "Covering report (Word)",
    "page.html": "Page",
    "figures.xlsx": "Figures (workbook)",
}
"""What people open, by the end of its name and in this order."""
_SHOWN = 3
_STEM = re.compile(r".*_(?:draft|issue-\d+)_")


@dataclass(frozen=True)
class File:
    """A link: its place below the exports folder, and what it is called."""

    place: str
    label: str


@dataclass(frozen=True)
class Issue:
    """A draft or an issue: `first` are the files that people open, `files` all others."""

    name: str
    state: str
    missing: tuple[str, ...]
    first: tuple[File, ...]
    files: tuple[File, ...]


@dataclass(frozen=True)
class Meeting:
    """A meeting with its draft and issues, the newest first."""

    day: date
    title: str
    due: str
    as_at: str
    synthetic: bool
    issues: tuple[Issue, ...]


def published_packs(exports: Path) -> list[Meeting]:
    """The meetings of `exports/packs/`, the latest first. A draft or issue whose manifest cannot be
    read is left out: `make verify` says so."""
    found: dict[str, list[tuple[int, Path, Manifest]]] = {}
    for pattern in ("draft", "issue-*"):
        for path in exports.glob(f"packs/[!.]*/{pattern}/manifest.json"):
            with suppress(Damaged, KeyError):
                manifest = read_manifest(path.parent)
                if manifest is not None:
                    told = manifest.facts["issue"], path.parent, manifest
                    found.setdefault(manifest.facts["meeting_id"], []).append(told)
    meetings = [_meeting(exports, each) for each in found.values()]
    return sorted(meetings, key=lambda each: (each.day, each.title), reverse=True)


def _meeting(exports: Path, found: list[tuple[int, Path, Manifest]]) -> Meeting:
    issues = sorted(found, key=lambda each: each[0], reverse=True)
    manifest = issues[0][2]
    facts = manifest.facts
    due = date.fromisoformat(facts["papers_due"])
    # packs of the version before said neither day nor committee
    day = date.fromisoformat(facts.get("meeting_date", facts["papers_due"]))
    committee = facts.get("committee", facts["meeting_id"])
    return Meeting(
        day,
        f"{words.day(day)}: {facts['geography_name']}, {committee}",
        words.day(due),
        words.day(date.fromisoformat(facts["as_at"])),
        manifest.synthetic,
        tuple(_issue(exports, folder, each) for _, folder, each in issues),
    )


def _issue(exports: Path, folder: Path, manifest: Manifest) -> Issue:
    place = folder.relative_to(exports).as_posix()
    names = sorted(manifest.files, key=_order)
    shown = [name for name in names if _order(name)[0] < len(_LABELS)]
    first = [name for name in shown if not name.startswith("restricted/")][:_SHOWN]
    rest = [name for name in names if name not in first]
    number = manifest.facts["issue"]
    is_draft = manifest.facts.get("state") == "draft"
    return Issue(
        f"Draft of issue {number}" if is_draft else f"Issue {number}",
        _state(manifest, is_draft),
        tuple(manifest.facts.get("missing", ())),
        tuple(File(f"{place}/{name}", _label(name)) for name in first),
        tuple(File(f"{place}/{name}", _short(name)) for name in rest),
    )


def _state(manifest: Manifest, is_draft: bool) -> str:
    facts = manifest.facts
    because = f" Corrected: {facts['reason']}" if facts.get("reason") else ""
    if "superseded_by" in facts:
        return f"Superseded by issue {facts['superseded_by']}. Use no file of it.{because}"
    if is_draft:
        waits = "Something is missing" if facts.get("missing") else "Waits for approval"
        return f"{waits}.{because}"
    if "approved_by" not in facts:
        return f"Published.{because}"
    on = words.day(date.fromisoformat(facts["approved_on"]))
    return f"Published. Approved by {facts['approved_by']} on {on}.{because}"


def _order(name: str) -> tuple[int, bool, str]:
    """What people open comes first, what is for programs last; the public file before Part 2's."""
    place = next((n for n, end in enumerate(_LABELS) if name.endswith(end)), len(_LABELS))
    return place, name.startswith("restricted/"), name


def _short(name: str) -> str:
    """The folder, and what of a name is not the same for all files of the issue."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{_STEM.sub('', last)}"


def _label(name: str) -> str:
    return next(label for end, label in _LABELS.items() if name.endswith(end))
