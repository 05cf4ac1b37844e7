"""A pack that a later issue has replaced: its files say so in their names, its pages and papers in
words."""

import hashlib
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from orchestration.packs.pdf import marked
from orchestration.publication.manifest import (
    MANIFEST,
    Manifest,
    description_of,
    manifest_json,
    read_manifest,
)

SUPERSEDED = "superseded_"
NOTE = "SUPERSEDED.txt"


def superseded(folder: Path, by: int, on: str, reason: str) -> tuple[dict[str, bytes], dict]:
    """The files and facts of an issue as they stand once issue `by` is there: the same bytes under
    a name that says so, but for pages and papers, which say it themselves."""
    manifest = read_manifest(folder)
    assert manifest is not None
    why = f"Superseded by issue {by} on {on}. Reason: {reason}"
    files = {NOTE: f"{why}\nUse the files of issue {by}.\n".encode()}
    for name in manifest.files:
        kind, _, last = name.rpartition("/")
        content = (folder / name).read_bytes()
        if last.endswith(".html"):
            content = _page(content, why)
        elif last.endswith(".pdf"):
            content = marked(content, f"Superseded by issue {by} on {on}.")
        files[f"{kind}/{SUPERSEDED}{last}"] = content
    told = {"superseded_by": by, "superseded_on": on, "superseded_reason": reason}
    return files, {**manifest.facts, **told}


def manifest_sha256(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> str:
    """The hash that the manifest of these files will have, once they are published."""
    described = {name: description_of(name, content) for name, content in files.items()}
    return hashlib.sha256(manifest_json(Manifest(dict(facts), described))).hexdigest()


def is_marked(folder: Path) -> bool:
    """Whether it says already that it was replaced."""
    manifest = read_manifest(folder) if (folder / MANIFEST).exists() else None
    return manifest is not None and "superseded_by" in manifest.facts


def _page(content: bytes, why: str) -> bytes:
    said = f'<p class="marking">{escape(why)}</p>'
    page = content.decode("utf-8").replace("<title>", "<title>Superseded: ", 1)
    return re.sub(r"(<header\b[^>]*>)", rf"\1\n{said}", page, count=1).encode("utf-8")
