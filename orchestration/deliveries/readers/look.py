"""What can be seen of a file without reading it whole."""

import re
import zipfile
from pathlib import Path

from orchestration.deliveries.readers.reading import Look

# A header, a root element or a list of sheets stands within so many bytes.
_BEGINNING = 65_536
_LARGEST_LIST_OF_SHEETS = 1_000_000


def look_at(file: Path) -> Look | None:
    """None where it is no ordinary file, or cannot be opened."""
    if file.is_symlink() or not file.is_file():
        return None
    try:
        with file.open("rb") as opened:
            beginning = opened.read(_BEGINNING)
    except OSError:
        return None
    if beginning.startswith(b"PK\x03\x04"):
        members, sheets = _listed(file)
        return Look(file, beginning, "", members, sheets)
    return Look(file, beginning, as_text(beginning), (), ())


def _listed(file: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members of an archive and the sheets of a workbook; none where it is damaged."""
    name = "xl/workbook.xml"
    try:
        with zipfile.ZipFile(file) as archive:
            members = tuple(archive.namelist())
            if name not in members or archive.getinfo(name).file_size > _LARGEST_LIST_OF_SHEETS:
                return members, ()
            with archive.open(name) as opened:
                text = opened.read(_LARGEST_LIST_OF_SHEETS).decode("utf-8", "replace")
    # zipfile's own for a compression that it does not know
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return (), ()
    return members, tuple(re.findall(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]{1,200})"', text))


def as_text(content: bytes) -> str:
    """The first 64 kB of a file as text; empty where it is none."""
    beginning = content[:_BEGINNING]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return beginning.decode("utf-16", "ignore")
    if b"\0" in beginning:
        return ""
    return beginning.decode("utf-8-sig", "ignore")
