"""Returns in the drop folder: files of other formats, in a month's folder or beside them."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt, read_receipts
from orchestration.deliveries.readers.formats import recognised
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Format
from orchestration.deliveries.sources.folder import Waiting, delivered_file, is_unfinished
from orchestration.deliveries.sources.months import (
    can_be_delivered,
    is_of_a_council,
    last_month,
    month_folders,
    why_refused,
)


@dataclass(frozen=True)
class Return:
    """Files of a format that are read together, by part, and what each of them is called without
    its name. `month` (YYYY-MM) is that of its folder, empty where it lies in none."""

    format: Format
    files: Mapping[str, tuple[Path, ...]]
    month: str
    places: Mapping[Path, str]

    def sha256(self) -> dict[Path, str]:
        """Of each file. Raises `OSError`."""
        found = {}
        for file in self.places:
            with file.open("rb") as opened:
                found[file] = hashlib.file_digest(opened, "sha256").hexdigest()
        return found


def beside_extracts(
    incoming: Path, today: date, extracts: Collection[Extract] = EXTRACTS.values()
) -> Iterator[tuple[Path, str, str]]:
    """Every file below the drop folder that no extract is read from, in the order of their names:
    the month of its folder, empty where it is in none, and where it stands among its neighbours, as
    its name could be a child's.

    Those that another program is still writing are left out, folders of months that cannot be
    delivered by `today`, and those of councils of a pool. Links are not followed.
    """
    for folder in sorted({incoming, *_folders(incoming, today)} if incoming.is_dir() else ()):
        month = _month(incoming, folder, today)
        taken: set[Path] = set()
        if month and folder.parent == incoming:
            taken = {delivered_file(incoming, month, each) for each in extracts}
        names = sorted(each for each in folder.iterdir() if not each.is_dir() or each.is_symlink())
        for place, file in enumerate(names, 1):
            if not is_unfinished(file) and file not in taken:
                where = month or "(outside a month's folder)"
                yield file, month, f"{where}/file {place} by name"


def returns(
    incoming: Path, today: date, extracts: Collection[Extract] = EXTRACTS.values()
) -> list[Return]:
    """Every return among the files of `beside_extracts`, in the order of months and names."""
    sets: dict[tuple[str, str, Path], dict[str, list[Path]]] = {}
    formats: dict[tuple[str, str, Path], Format] = {}
    places: dict[Path, str] = {}
    for file, month, place in beside_extracts(incoming, today, extracts):
        look = look_at(file)
        found = recognised(look) if look else None
        if not found:
            continue
        form, part = found
        key = (month, form.name, file.parent if form.is_set else file)
        formats[key] = form
        sets.setdefault(key, defaultdict(list))[part].append(file)
        places[file] = place
    return [
        Return(
            formats[key],
            {part: tuple(files) for part, files in parts.items()},
            key[0],
            {file: places[file] for files in parts.values() for file in files},
        )
        for key, parts in sorted(sets.items(), key=lambda each: each[0])
    ]


def month_of(paths: Paths, source: Return, today: date) -> str:
    """The month (YYYY-MM) that a return is taken in with: that of its folder, or else the newest
    that has a folder, or the last whole one before `today`."""
    if source.month:
        return source.month
    folders = month_folders(paths.incoming, today)
    return max((each.name for each in folders if any(each.iterdir())), default=last_month(today))


def changed_returns(paths: Paths, receipts: Iterable[Receipt], today: date) -> list[Waiting]:
    """Files of returns whose size or time of change the `receipts` do not know, under the names of
    their formats."""
    found = returns(paths.incoming, today)
    if not found:
        return []
    known = {(r.extract, r.delivery_month, r.bytes, r.mtime_ns) for r in receipts}
    waiting = []
    for each in found:
        month = month_of(paths, each, today)
        for file in each.places:
            status = file.stat()
            facts = each.format.name, month, status.st_size, status.st_mtime_ns
            if facts not in known:
                waiting.append(Waiting(facts[0], month, file, *facts[2:]))
    return waiting


def refused_returns(paths: Paths, today: date) -> list[str]:
    """What the ledger says of the returns in the drop folder that could not be read."""
    found = returns(paths.incoming, today)
    if not found:
        return []
    newest = {(r.extract, r.delivery_month, r.sha256): r for r in read_receipts(paths)}
    told: dict[str, None] = {}
    for each in found:
        for digest in each.sha256().values():
            receipt = newest.get((each.format.name, month_of(paths, each, today), digest))
            if receipt and receipt.outcome == "refused":
                told |= dict.fromkeys(receipt.findings)
    return [*told]


def _month(incoming: Path, folder: Path, today: date) -> str:
    """The month of a folder, or of the one that it lies in."""
    top = folder.relative_to(incoming).parts[:1]
    return top[0] if top and can_be_delivered(top[0], today) else ""


def _folders(incoming: Path, today: date) -> Iterator[Path]:
    for folder in incoming.rglob("*"):
        parts = folder.relative_to(incoming).parts
        is_left_out = any(each.startswith(".") for each in parts) or why_refused(parts[0], today)
        is_left_out = is_left_out or is_of_a_council(parts[0])
        if folder.is_dir() and not folder.is_symlink() and not is_left_out:
            yield folder
