"""What lies there, by name: which names may become files of ours, and how messages call them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.sources.folder import is_unfinished
from orchestration.deliveries.sources.months import can_be_delivered

_LONGEST = 255
"""Bytes that a file system takes for a name."""

NO_MONTH = "(outside a month's folder)"

_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Version:
    """Which bytes of a file, as far as its server says: size, time of change, a tag of S3."""

    size: int
    mtime_ns: int
    tag: str = ""


@dataclass(frozen=True)
class Entry:
    """A name in a folder there. `kind` is file, directory or something else, as a link."""

    name: str
    kind: str
    version: Version


@dataclass
class Listing:
    """Files by their path, paths that no file of ours is made for with the reason, and folders that
    cannot be listed with the code of the failure and its kind."""

    files: dict[str, Version] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unread: dict[str, tuple[str, str]] = field(default_factory=dict)

    def is_there(self, path: str) -> bool:
        """Whether a file may still lie there: it does, or nobody could look."""
        if path in self.files or path in self.refused:
            return True
        return any(path.startswith(f"{each}/") for each in (*self.unread, *self.refused))


def why_refused(name: str) -> str:
    """Why a name of one folder is none of a file of ours; empty where it may be."""
    if name in ("", ".", "..") or "/" in name or "\\" in name:
        return "a name that leads out of its folder"
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return "a name that is not written in UTF-8"
    if _CONTROL.search(name):
        return "a name with a control character"
    return "a name that is too long" if length > _LONGEST else ""


def kept(entries: Iterable[Entry], folder: str, listing: Listing) -> list[str]:
    """Enter the files of a folder into the listing; its folders that are to be looked through.

    Left out as in the drop folder: what another program is still writing, and hidden folders.
    """
    found = list(entries)
    alike = Counter(_letters(each.name) for each in found)
    folders = []
    for each in sorted(found, key=lambda entry: entry.name):
        path = f"{folder}{each.name}"
        if each.name == "" and each.kind == "file" and not each.version.size:
            continue  # what S3's own console leaves where somebody made a folder
        why = why_refused(each.name)
        if not why and alike[_letters(each.name)] > 1:
            why = "two names that differ in nothing but capitals or the writing of accents"
        if not why and each.kind not in ("file", "directory"):
            why = "a link or a device"
        if why:
            listing.refused[path] = why
        elif each.kind == "directory":
            if not each.name.startswith("."):
                folders.append(path)
        elif not is_unfinished(Path(each.name)):
            listing.files[path] = each.version
    return folders


def called(paths: Collection[str], today: date) -> Mapping[str, str]:
    """How messages call each path: an extract by its name, everything else by where it stands
    among its neighbours, as its name could be a child's."""
    places: Counter[str] = Counter()
    found = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        places[folder] += 1
        top = path.partition("/")[0]
        month = top if "/" in path and can_be_delivered(top, today) else ""
        is_extract = month == folder and name.removesuffix(".csv") in EXTRACTS
        found[path] = path if is_extract else f"{month or NO_MONTH}/file {places[folder]} by name"
    return found


def _letters(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
