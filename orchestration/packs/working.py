"""The clerk's own folder beside the issues of a meeting: no run changes what lies in it.

Forms that come back go there, as does the clerk's own Word template, and the copy of the covering
report that is edited.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from orchestration.packs.meetings import Meeting

WORKING = "working"
TEMPLATE = "template.docx"
REPORT = "covering_report.docx"
"""Ends the name of the report that is edited here."""


def template_for(meeting: Meeting, meetings: Iterable[Meeting], packs: Path, shared: Path) -> Path:
    """The Word template of a meeting's report: the meeting's own, else that of the newest meeting
    before of the same council, else the one that all `shared`."""
    before = [
        each
        for each in meetings
        if each.geography_code == meeting.geography_code
        and each.meeting_date <= meeting.meeting_date
    ]
    for each in sorted(before, key=lambda each: each.meeting_date, reverse=True):
        own = packs / each.meeting_id / WORKING / TEMPLATE
        if own.is_file():
            return own
    return shared


def put_report_to_edit(issue: Path, folder: Path) -> None:
    """Leave a copy of the report in the working folder; one that lies there is the clerk's."""
    folder.mkdir(parents=True, exist_ok=True)
    for report in issue.glob(f"public/*_{REPORT}"):
        if not (folder / report.name).exists():
            shutil.copyfile(report, folder / report.name)


def edited_reports(packs: Path) -> list[Path]:
    """The reports in working folders that are no longer as they were published."""
    edited = []
    for copy in sorted(packs.glob(f"[!.]*/{WORKING}/*_{REPORT}")):
        published = [*copy.parent.parent.glob(f"issue-*/public/{copy.name}")]
        published += copy.parent.parent.glob(f"issue-*/public/superseded_{copy.name}")
        if published and published[0].read_bytes() != copy.read_bytes():
            edited.append(copy)
    return edited


def look(packs: Path, meetings: Iterable[str], cursor: str) -> tuple[dict[str, str], str]:
    """The meetings whose forms or template have changed since a draft was asked for and have stayed
    the same since the last look, each with what was seen; and the cursor for the next look."""
    last = json.loads(cursor) if cursor else {"seen": {}, "asked": {}}
    seen = {}
    for meeting in meetings:
        files = sorted((packs / meeting / WORKING).glob("*"))
        told = [
            f"{each.name} {each.stat().st_size} {each.stat().st_mtime_ns}"
            for each in files
            if is_form(each) or each.name == TEMPLATE
        ]
        if told or meeting in last["asked"]:
            seen[meeting] = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
    changed = {
        meeting: now
        for meeting, now in seen.items()
        if now == last["seen"].get(meeting) and now != last["asked"].get(meeting)
    }
    return changed, json.dumps({"seen": seen, "asked": {**last["asked"], **changed}})


def is_form(path: Path) -> bool:
    """Whether a file of the working folder is a form that came back: it has texts in its name, and
    is none that a spreadsheet program keeps while somebody types."""
    is_table = path.suffix.lower() in (".xlsx", ".csv") and path.is_file()
    return is_table and "texts" in path.name.lower() and path.name[0] not in "~."
