"""A pack from its parts to its place: what may be shown, what is missing, what has changed.

A published pack is never edited. A second run finds nothing to do; a correction is the next issue,
with a reason. What keeps a pack back is listed in a draft for the clerk.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from orchestration.packs.contents import Block, Change, Pack, blocks_of, pack_of, printed
from orchestration.packs.covering_report import unknown_fields
from orchestration.packs.meetings import Meeting
from orchestration.packs.narrative import Line, Narrative, narrative
from orchestration.packs.pack_files import inside, pack_files
from orchestration.packs.pdf import need_pango
from orchestration.packs.record import (
    Published,
    append_to_log,
    broken,
    file_sha256,
    read_log,
    read_publications,
    recording,
    write_figures,
)
from orchestration.packs.timetable import newest_closed_by
from orchestration.publishing import words
from orchestration.publishing.errors import PackNotReady
from orchestration.publishing.figures import HIDDEN, Edition, Figure, Indicator
from orchestration.publishing.publication import MANIFEST, publish, read_manifest
from orchestration.publishing.publishable import hidden_figures, publishable
from orchestration.publishing.secondary import Hiding, figures_of, worked_out


@dataclass(frozen=True)
class Parts:
    """What a pack is made from: `template` is the clerk's Word file, `facts` are those of the
    manifest, `who` and `now` are logged."""

    meeting: Meeting
    edition: Edition
    lines: Sequence[Line]
    portfolios: Mapping[int, str]
    contact: str
    template: Path
    papers_due: date
    facts: Mapping[str, Any]
    who: str
    now: str


@dataclass(frozen=True)
class Issued:
    """What became of a run: an issue `published`, `unchanged` since the newest, or `differing`
    from it without a reason to correct it. `hidden` figures are not shown to the public, `audited`
    is how many of these could be worked out (none, or nothing is published)."""

    outcome: Literal["published", "unchanged", "differing"]
    folder: Path
    issue: int
    files: int
    figures: int
    hidden: int
    audited: int
    changes: int


def issue_pack(parts: Parts, folder: Path, publications: Path, reason: str) -> Issued:
    """Publish the pack of a meeting below `folder`, if there is anything new to publish.

    Raises PackageMissing where the PDF cannot be made, before anything else; PackNotReady where
    something is missing or a number could be worked out: the draft beside the issues says what, for
    officers. Raises RecordBroken and what `publish` raises.
    """
    need_pango()
    with recording(publications):
        earlier = read_publications(publications, parts.meeting.geography_code)
        _settle(folder, publications, parts.meeting.meeting_id)
        issues = [each.issue for each in earlier if each.meeting_id == parts.meeting.meeting_id]
        newest = folder / f"issue-{max(issues, default=0)}"
        print_of_parts = _fingerprint(parts)
        if issues:
            manifest = read_manifest(newest)
            if manifest is None:
                raise broken(newest, "a pack that the log knows is not there")
            is_same = manifest.facts.get("fingerprint") == print_of_parts
            if is_same or not reason:
                outcome = "unchanged" if is_same else "differing"
                said = manifest.facts
                counts = said["figures"], said["figures_hidden"], said["figures_worked_out"], 0
                return Issued(outcome, newest, max(issues), len(manifest.files), *counts)
        number = max(issues, default=0) + 1
        made = _make(parts, earlier, number, reason if issues else "")
        return _publish(made, parts, folder, publications, number, reason, print_of_parts)


@dataclass(frozen=True)
class _Made:
    public: Pack
    public_edition: Edition
    restricted: Pack
    hiding: Hiding
    told: Narrative
    audited: int
    changes: Sequence[Change]


def _make(parts: Parts, earlier: Sequence[Published], number: int, reason: str) -> _Made:
    edition = parts.edition
    told_before = [each.publication for each in earlier]
    hiding = hidden_figures(edition.rows, told_before)
    public_edition = publishable(edition, hiding.places)
    audited = worked_out(edition.rows, _not_printed(public_edition), told_before)
    changes = _changes(public_edition, _compared_with(earlier, parts.meeting.meeting_id))
    revised: dict[str, set[str]] = {}
    for indicator_id, change in changes:
        revised.setdefault(indicator_id, set()).add(change.period)
    packs, told = [], None
    for each in (public_edition, edition):
        blocks: dict[str, Block] = blocks_of(each, revised)
        texts = {name: printed(block) for name, block in blocks.items()}
        written = narrative(parts.lines, each, texts)
        told = told or written
        packs.append(
            pack_of(
                each,
                parts.meeting,
                blocks,
                written,
                parts.portfolios,
                [change for _, change in changes],
                hiding.coarser if each.is_public else {},
                parts.contact,
                newest_closed_by(parts.papers_due),
                number,
                reason,
            )
        )
    assert told is not None
    return _Made(
        packs[0], public_edition, packs[1], hiding, told, audited, [each for _, each in changes]
    )


def _publish(
    made: _Made,
    parts: Parts,
    folder: Path,
    publications: Path,
    number: int,
    reason: str,
    print_of_parts: str,
) -> Issued:
    hidden = sum(map(len, made.hiding.places.values()))
    restricted = pack_files(made.restricted, parts.edition, parts.template)
    held_back = [*made.told.missing, *made.told.faults]
    held_back += [
        f"{parts.template.name} uses {field}, which no pack has"
        for field in unknown_fields(made.public, parts.template)
    ]
    if made.audited:
        held_back.append(f"{made.audited} hidden numbers could be worked out by a reader")
    restricted["READ-ME-FIRST.txt"] = _for_the_clerk(made, parts, hidden, held_back)
    facts = {
        **parts.facts,
        "meeting_id": parts.meeting.meeting_id,
        "issue": number,
        "reason": reason if number > 1 else "",
        "papers_due": parts.papers_due.isoformat(),
        "fingerprint": print_of_parts,
        "figures": sum(len(figures_of(row)) for row in parts.edition.rows),
        "figures_hidden": hidden,
        "figures_worked_out": made.audited,
    }
    folder.mkdir(parents=True, exist_ok=True)
    if held_back:
        draft = folder / "draft"
        publish(draft, inside("restricted", restricted), facts)
        raise PackNotReady(
            draft / "restricted" / "READ-ME-FIRST.txt",
            f"{len(held_back)} things that keep the public pack back: {'; '.join(held_back)}",
            "every text that members asked for, without a number that the tables do not print, and "
            "no hidden number that can be worked out",
            "write the texts into seeds/narrative.csv, or waive them there with a reason, and make "
            "the pack again",
            meanwhile="a draft for officers lies in that folder; nothing is public",
        )
    public = pack_files(made.public, made.public_edition, parts.template)
    files = {**inside("public", public), **inside("restricted", restricted)}
    place = folder / f"issue-{number}"
    name = f"{parts.meeting.meeting_id}_issue-{number}.json"
    figures = {row.indicator_id: figures_of(row) for row in parts.edition.rows}
    write_figures(publications, figures, made.hiding.places, name)
    publish(place, files, facts)
    _log(publications, place, name, facts, parts.who, parts.now)
    shutil.rmtree(folder / "draft", ignore_errors=True)
    counts = facts["figures"], hidden, made.audited, len(made.changes)
    return Issued("published", place, number, len(files), *counts)


def _log(
    publications: Path, place: Path, name: str, facts: Mapping[str, Any], who: str, now: str
) -> None:
    told = ("meeting_id", "issue", "reason", "geography_code", "run_id", "generation")
    append_to_log(
        publications,
        {
            **{fact: facts[fact] for fact in (*told, "code_version", "fingerprint", "as_at")},
            "user": who,
            "at": now,
            "manifest_sha256": file_sha256(place / MANIFEST),
            "figures": name,
            "figures_sha256": file_sha256(publications / name),
        },
    )


def _settle(folder: Path, publications: Path, meeting_id: str) -> None:
    """Take away what a run that was killed between the pack and its line in the log has left.

    Nobody was told of it, and its files were in place for less than a moment.
    """
    logged = {(entry["meeting_id"], entry["issue"]) for entry in read_log(publications)}
    for path in folder.glob("issue-*"):
        number = path.name.removeprefix("issue-")
        left = publications / f"{meeting_id}_issue-{number}.json"
        if (meeting_id, int(number)) not in logged:
            if not left.exists():
                raise broken(path, "a pack that the log does not know")
            shutil.rmtree(path)
            left.unlink()


def _fingerprint(parts: Parts) -> str:
    """The same for the same pack, whoever makes it and when."""
    said = (parts.meeting, parts.edition, parts.lines, parts.portfolios, parts.contact)
    return hashlib.sha256(repr(said).encode() + parts.template.read_bytes()).hexdigest()


def _not_printed(public: Edition) -> dict[str, frozenset]:
    """Read off the public edition itself: the places of which it prints nothing."""
    return {
        row.indicator_id: frozenset(
            place for place, figure in figures_of(row).items() if figure.status == HIDDEN
        )
        for row in public.rows
    }


def _compared_with(earlier: Sequence[Published], meeting_id: str) -> list[tuple[str, Published]]:
    """The issue before, and the newest pack of another meeting, with the words for each."""
    of_this = [each for each in earlier if each.meeting_id == meeting_id]
    of_others = [each for each in earlier if each.meeting_id != meeting_id]
    found = [(f"issue {each.issue}", each) for each in of_this[-1:]]
    return found + [(f"the pack {each.meeting_id}", each) for each in of_others[-1:]]


def _changes(public: Edition, before: Sequence[tuple[str, Published]]) -> list[tuple[str, Change]]:
    """Figures printed then and now, but otherwise: by indicator, newest period first."""
    found = []
    for since, published in before:
        for row in public.rows:
            places = sorted(figures_of(row).items(), key=lambda each: each[0][3], reverse=True)
            for place, now in places:
                then = published.shown(row.indicator_id, place)
                if place[0] or then is None or now.value is None or then.value is None:
                    continue
                texts = _said(then, row), _said(now, row)
                if texts[0] != texts[1]:
                    change = Change(row.name, words.period(now), *texts, since)
                    found.append((row.indicator_id, change))
    return found


def _said(figure: Figure, row: Indicator) -> str:
    return words.figure(figure.value, row, figure)


def _for_the_clerk(made: _Made, parts: Parts, hidden: int, held_back: Sequence[str]) -> bytes:
    """What the clerk has to know of the pack, as text."""
    pack, meeting = made.public, parts.meeting
    counted = sum(len(figures_of(row)) for row in parts.edition.rows)
    said = [
        *parts.edition.markings,
        "",
        f"{meeting.committee}, {words.day(meeting.meeting_date)}",
        f"Papers are due by {words.day(parts.papers_due)}: five clear working days before.",
        f"Figures as at {pack.as_at}. {pack.age}".strip(),
        "",
        "What you may publish is in the folder public, and nothing else. The folder restricted is",
        "for Part 2 and for officers: it shows small numbers.",
        "",
        f"Of {counted} figures {hidden} are hidden from the public: small ones, and those from",
        "which a small one could be worked out.",
        *(f"- {name}: {how}" for name, how in pack.coarser),
    ]
    if held_back:
        said += ["", "THIS IS A DRAFT. What keeps the public pack back:"]
        said += [f"- {told}" for told in held_back]
        said += ["Write the texts into seeds/narrative.csv, or waive them there with a reason."]
    if made.told.waived:
        said += ["", "Left out on purpose:", *(f"- {told}" for told in made.told.waived)]
    if made.changes:
        said += ["", "Figures that an earlier pack printed otherwise:"]
        said += [
            f"- {each.name}, {each.period}: {each.then} in {each.since}, now {each.now}"
            for each in made.changes
        ]
    return ("\n".join(said) + "\n").encode()


def of_set(edition: Edition, indicator_ids: Sequence[str] | None) -> Edition:
    """The edition with the indicators of one audience only; None leaves all."""
    if indicator_ids is None:
        return edition
    chosen = set(indicator_ids)
    return replace(
        edition,
        rows=tuple(row for row in edition.rows if row.indicator_id in chosen),
        improvements=tuple(each for each in edition.improvements if each.indicator_id in chosen),
    )
