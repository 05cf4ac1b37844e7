"""Workbooks damaged on purpose: parts of the archive changed, taken out or put in."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

Change = Callable[[bytes], bytes]


def changed(file: Path, part: str, change: Change) -> None:
    """The workbook with one part changed; a part that is not there begins empty, and one that
    comes out empty is left out."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content:
                archive.writestr(name, content)


def replaced(old: bytes, new: bytes) -> Change:
    """Puts `new` in the place of the first `old`, which must be there."""

    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change
