"""From a draft that somebody reads to an issue that somebody has approved.

A pack is a draft first: a preview of what would be published, marked as such, and Part 2. Somebody
approves it by name; then the same parts are published, and nothing else ever is. A published pack
is never edited. A second run finds nothing to do; a correction is the next issue, with a reason,
and what it replaces says so.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from orchestration.editions.figures import Edition, figures_of
from orchestration.packs.covering_report import template_faults
from orchestration.packs.file_names import DRAFT, FOR_THE_CLERK, PREVIEW, PUBLIC, RESTRICTED, stem
from orchestration.packs.for_the_clerk import for_the_clerk
from orchestration.packs.forms import FORM, Due, due_texts, form
from orchestration.packs.issue import Made, Parts, make_pack
from orchestration.packs.pack import Pack
from orchestration.packs.pack_files import pack_files
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
from orchestration.packs.superseded import is_marked, manifest_sha256, superseded
from orchestration.packs.texts import TEXT
from orchestration.packs.working import WORKING, put_report_to_edit
from orchestration.publication import markings
from orchestration.publication.errors import Damaged, PackNotReady, ReasonMissing
from orchestration.publication.manifest import MANIFEST, Manifest, read_manifest, verify
from orchestration.publication.publication import publish


@dataclass(frozen=True)
class Issued:
    """What became of a run: a `draft`, an issue `published`, `unchanged` since the newest, or
    `differing` from it without a reason to correct it. `held_back` is what a draft still lacks.
    `hidden` figures are not shown to the public, `audited` is how many of these could be worked out
    (none, or nothing is published)."""

    outcome: Literal["draft", "published", "unchanged", "differing"]
    folder: Path
    issue: int
    files: int
    figures: int
    hidden: int
    audited: int
    changes: int
    held_back: tuple[str, ...] = ()


def draft_pack(parts: Parts, folder: Path, publications: Path, reason: str) -> Issued:
    """Make the draft of a meeting's next issue below `folder`, if there is anything new to say.

    Raises PackageMissing where the PDF cannot be made, before anything else; PackNotReady where a
    text or the template is faulty or a number could be worked out: the draft says which;
    ReasonMissing where a text of the published pack has changed without one; RecordBroken and what
    `publish` raises.
    """
    need_pango()
    with recording(publications):
        earlier = _earlier(parts, folder, publications)
        newest, published = _newest(earlier, parts, folder)
        if published is not None:
            is_same = published.facts.get("fingerprint") == _fingerprint(parts)
            if is_same or not reason:
                made = None if is_same else make_pack(parts, earlier, newest + 1, "")
                if made is not None and (texts := _changed_texts(made)):
                    raise _reason_missing(folder / f"issue-{newest}", texts)
                said = published.facts
                outcome: Literal["unchanged", "differing"] = "unchanged" if is_same else "differing"
                counts = said["figures"], said["figures_hidden"], said["figures_worked_out"], 0
                place = folder / f"issue-{newest}"
                return Issued(outcome, place, newest, len(published.files), *counts)
        reason = reason if newest else ""
        made = make_pack(parts, earlier, newest + 1, reason)
        return _draft(made, parts, folder, newest + 1, reason)


def approve_pack(parts: Parts, folder: Path, publications: Path, by: str) -> Issued:
    """Publish the draft that lies below `folder`, approved by somebody called `by`.

    Raises PackNotReady where there is no draft, where it lacks something, or where figures or texts
    are others than those that were read in it; Damaged where a file of it was altered; and what
    `draft_pack` raises.
    """
    need_pango()
    by = " ".join(by.split())
    with recording(publications):
        earlier = _earlier(parts, folder, publications)
        newest, published = _newest(earlier, parts, folder)
        draft = read_manifest(folder / DRAFT)
        fingerprint = _fingerprint(parts)
        if draft is None:
            if published is not None and published.facts.get("fingerprint") == fingerprint:
                said = published.facts
                counts = said["figures"], said["figures_hidden"], said["figures_worked_out"], 0
                place = folder / f"issue-{newest}"
                return Issued("unchanged", place, newest, len(published.files), *counts)
            raise _not_ready(folder / DRAFT, ["there is no draft to approve"], "make the draft")
        if not by:
            raise _not_ready(folder / DRAFT, ["nobody's name is given"], "give the name")
        if faults := verify(folder / DRAFT):
            raise Damaged(
                folder / DRAFT,
                f"{len(faults)} files are not as the draft was made",
                "the draft as it was made: what is approved is what was read",
                "keep your own copies in the folder working, and make the draft again",
                meanwhile="nothing is published",
            )
        if newest and (faults := verify(folder / f"issue-{newest}")):
            # it is about to be marked as superseded: what somebody altered is not to be vouched for
            raise Damaged(
                folder / f"issue-{newest}",
                f"{len(faults)} files are not as they were published",
                "the issue that is corrected as it was published",
                "bring the files back: make verify names them",
                meanwhile="nothing is published",
            )
        if draft.facts["fingerprint"] != fingerprint or draft.facts["issue"] != newest + 1:
            raise _not_ready(
                folder / DRAFT,
                ["figures, texts or the template are others by now than those in the draft"],
                "make the draft again, read it, and approve that",
            )
        made = make_pack(parts, earlier, newest + 1, draft.facts["reason"])
        held_back = [*held_back_by(made, parts), *_unconfirmed(made, by)]
        if held_back:
            raise _not_ready(folder / DRAFT, held_back, "put it right and make the draft again")
        return _publish(made, parts, folder, publications, draft.facts, by)


def held_back_by(made: Made, parts: Parts) -> list[str]:
    """All that keeps a pack back: missing texts, faults of texts and template, the audit."""
    due = (each for each in _due(made, parts) if not each.is_there)
    return [*(f"{each.about} (ask {each.asked})" for each in due), *_faults(made, parts)]


def _due(made: Made, parts: Parts) -> list[Due]:
    return due_texts(made.public_edition, parts.lines, parts.before, parts.portfolios)


def _faults(made: Made, parts: Parts) -> list[str]:
    faults = [*made.told.faults]
    faults += [
        f"{parts.template.name} {fault}" for fault in template_faults(made.public, parts.template)
    ]
    if made.audited:
        faults.append(f"{made.audited} hidden numbers could be worked out by a reader")
    return faults


def _unconfirmed(made: Made, by: str) -> list[str]:
    """Numbers beside hidden figures are confirmed by whoever signs off, not by anybody."""
    return [
        f"{each.about}: its numbers were confirmed by somebody else than {by}"
        for each in made.told.confirmed
        if " ".join(each.by.split()).casefold() != by.casefold()
    ]


def _draft(made: Made, parts: Parts, folder: Path, number: int, reason: str) -> Issued:
    held_back, faults = held_back_by(made, parts), _faults(made, parts)
    facts = {**_facts(made, parts, number, reason), "state": DRAFT, "missing": held_back}
    files = _folder(RESTRICTED, _as_draft(made.restricted), made.restricted_edition, parts, None)
    if not made.audited:
        public = _as_draft(made.public)
        files |= _folder(PREVIEW, public, made.public_edition, parts, None)
    files[FOR_THE_CLERK] = for_the_clerk(made, parts, facts, held_back)
    files[FORM] = form(_due(made, parts), parts)
    (folder / WORKING).mkdir(parents=True, exist_ok=True)
    publish(folder / DRAFT, files, facts)
    if faults:
        raise _not_ready(
            folder / DRAFT / FOR_THE_CLERK,
            held_back,
            "put right what is named, and make the draft again",
        )
    counts = facts["figures"], facts["figures_hidden"], made.audited, len(made.changes)
    return Issued("draft", folder / DRAFT, number, len(files), *counts, tuple(held_back))


def _publish(
    made: Made,
    parts: Parts,
    folder: Path,
    publications: Path,
    draft: Mapping[str, Any],
    by: str,
) -> Issued:
    number, reason = draft["issue"], draft["reason"]
    facts = {
        **_facts(made, parts, number, reason),
        "state": "published",
        "approved_by": by,
        "approved_on": parts.now[:10],
    }
    files = _folder(PUBLIC, made.public, made.public_edition, parts, number)
    files |= _folder(RESTRICTED, made.restricted, made.restricted_edition, parts, number)
    files[f"{RESTRICTED}/{FOR_THE_CLERK}"] = for_the_clerk(made, parts, facts, [])
    place = folder / f"issue-{number}"
    name = f"{parts.meeting.meeting_id}_issue-{number}.json"
    figures = {row.indicator_id: figures_of(row) for row in parts.edition.rows}
    write_figures(publications, figures, made.hiding.places, name)
    publish(place, files, facts)
    told = ("meeting_id", "issue", "reason", "geography_code", "run_id", "generation")
    told += ("code_version", "fingerprint", "as_at", "approved_by", "approved_on")
    entry = {
        **{fact: facts[fact] for fact in told},
        "user": parts.who,
        "at": parts.now,
        "manifest_sha256": file_sha256(place / MANIFEST),
        "figures": name,
        "figures_sha256": file_sha256(publications / name),
        "texts": made.texts,
    }
    if number > 1:
        old = superseded(folder / f"issue-{number - 1}", number, facts["approved_on"], reason)
        entry["superseded"] = {"issue": number - 1, "manifest_sha256": manifest_sha256(*old)}
    append_to_log(publications, entry)
    _mark_superseded(folder, publications, parts.meeting.meeting_id)
    put_report_to_edit(place, folder / WORKING)
    shutil.rmtree(folder / DRAFT, ignore_errors=True)
    counts = facts["figures"], facts["figures_hidden"], made.audited, len(made.changes)
    return Issued("published", place, number, len(files), *counts)


def _facts(made: Made, parts: Parts, number: int, reason: str) -> dict[str, Any]:
    meeting = parts.meeting
    return {
        **parts.facts,
        "meeting_id": meeting.meeting_id,
        "meeting_date": meeting.meeting_date.isoformat(),
        "committee": meeting.committee,
        "item": meeting.item or "",
        "issue": number,
        "reason": reason,
        "papers_due": parts.papers_due.isoformat(),
        "fingerprint": _fingerprint(parts),
        "figures": sum(len(figures_of(row)) for row in parts.edition.rows),
        "figures_hidden": sum(map(len, made.hiding.places.values())),
        "figures_worked_out": made.audited,
    }


def _folder(
    folder: str, pack: Pack, edition: Edition, parts: Parts, number: int | None
) -> dict[str, bytes]:
    begins = stem(parts.meeting, number, edition.synthetic, edition.is_public)
    files = pack_files(pack, edition, parts.template, parts.area, begins)
    return {f"{folder}/{name}": content for name, content in files.items()}


def _as_draft(pack: Pack) -> Pack:
    return replace(pack, markings=(markings.DRAFT, *pack.markings))


def _earlier(parts: Parts, folder: Path, publications: Path) -> list[Published]:
    earlier = read_publications(publications, parts.codes)
    _settle(folder, publications, parts.meeting.meeting_id)
    return earlier


def _newest(
    earlier: Sequence[Published], parts: Parts, folder: Path
) -> tuple[int, Manifest | None]:
    """The newest issue of the meeting, 0 where there is none, and its manifest."""
    ours = (each.issue for each in earlier if each.meeting_id == parts.meeting.meeting_id)
    newest = max(ours, default=0)
    if not newest:
        return 0, None
    manifest = read_manifest(folder / f"issue-{newest}")
    if manifest is None:
        raise broken(folder / f"issue-{newest}", "a pack that the log knows is not there")
    return newest, manifest


def _settle(folder: Path, publications: Path, meeting_id: str) -> None:
    """Take away what a run that was killed between the pack and its line in the log has left, and
    finish one that was killed after it.

    Nobody was told of the first, and its files were in place for less than a moment.
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
    _mark_superseded(folder, publications, meeting_id)


def _mark_superseded(folder: Path, publications: Path, meeting_id: str) -> None:
    """Let each issue say that it was replaced, as the line of the one that replaced it has it."""
    for entry in read_log(publications):
        if entry["meeting_id"] != meeting_id or "superseded" not in entry:
            continue
        old = folder / f"issue-{entry['superseded']['issue']}"
        if not is_marked(old) and not verify(old):
            publish(old, *superseded(old, entry["issue"], entry["approved_on"], entry["reason"]))


def _fingerprint(parts: Parts) -> str:
    """The same for the same pack, whoever makes it and when."""
    said = (parts.meeting, parts.edition, parts.lines, parts.portfolios, parts.contact)
    said += (parts.audience, tuple(parts.questions))
    return hashlib.sha256(repr(said).encode() + parts.template.read_bytes()).hexdigest()


def _changed_texts(made: Made) -> list[str]:
    return [change.name for change in made.changes if change.period == TEXT]


def _reason_missing(place: Path, about: Sequence[str]) -> ReasonMissing:
    return ReasonMissing(
        place,
        f"{len(about)} texts are others than those that were published: {'; '.join(about)}",
        "a reason, which the corrected issue prints, or the texts as they were",
        "give the reason and make the draft of the correction, or take the change back",
        meanwhile="the published issue stays as it is",
    )


def _not_ready(place: Path, held_back: Sequence[str], action: str) -> PackNotReady:
    return PackNotReady(
        place,
        f"{len(held_back)} things that keep the public pack back: {'; '.join(held_back)}",
        "every text that members asked for, without a number that the tables do not print, no "
        "hidden number that can be worked out, and a draft that somebody has read",
        action,
        meanwhile="nothing of it is public; the draft's READ-ME-FIRST.txt says what is missing",
    )
