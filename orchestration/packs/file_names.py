"""What the files of a pack are called: meeting, committee, item and issue stand in each name.

A clerk puts them beside those of other reports, so that a name has to say by itself what it is.
"""

import re
import unicodedata
from collections.abc import Mapping

from orchestration.packs.meetings import Meeting
from orchestration.publication.markings import marked

PUBLIC, RESTRICTED, PREVIEW = "public", "restricted", "preview"
"""The folders of a pack: for publication, for Part 2, and of a draft what would be published."""
DRAFT = "draft"
FOR_THE_CLERK = "READ-ME-FIRST.txt"
"""Keeps its name, so that it is found: it goes nowhere."""


def stem(meeting: Meeting, issue: int | None, synthetic: bool, is_public: bool) -> str:
    """The beginning of each name: `2026-04-21_<committee>_item-<item>_issue-1_`, with the markings.

    `issue` is None of a draft.
    """
    said = [meeting.meeting_date.isoformat(), _slug(meeting.committee)]
    said += [f"item-{_slug(meeting.item)}"] if meeting.item else []
    said += [DRAFT if issue is None else f"issue-{issue}"]
    return "_".join([*said, marked("", synthetic, is_public)])


def named(files: Mapping[str, bytes], begins: str) -> dict[str, bytes]:
    """The files with `begins` before their names."""
    return {
        name if name == FOR_THE_CLERK else f"{begins}{name}": content
        for name, content in files.items()
    }


def _slug(text: str) -> str:
    """Small letters, digits and hyphens: childrens-services-committee."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
