"""Where deliveries come from: for now, a drop folder with one folder a month."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.contract.extracts import Extract
from orchestration.deliveries.gate.gate import is_named_as_copy
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt, read_receipts
from orchestration.deliveries.sources.months import month_folders

_UNFINISHED = re.compile(
    r"[.~].*|.*(~|\.(swp|swo|tmp|temp|part|partial|crdownload|download|lock))", re.IGNORECASE
)


@dataclass(frozen=True)
class Waiting:
    """A file of `extract`, or of a return of that format, that waits to be checked in for `month`
    (YYYY-MM); size in bytes."""

    extract: str
    month: str
    file: Path
    size: int
    mtime_ns: int


def delivered_file(incoming: Path, month: str, extract: Extract) -> Path:
    """The file of `extract` for `month`; it need not be there.

    A second download lies beside the first as `indicator_returns (1).csv`: the newest counts.
    Where there is neither, a near name (`Indicator returns.csv`) is given, so that check-in can
    refuse it with advice instead of finding nothing; what is no `.csv` is told by its content.
    """
    folder = incoming / month
    exact = folder / extract.file_name
    files = [
        file
        for file in _files(folder)
        if file.suffix.casefold() == ".csv"
        and _letters(file.name).startswith(_letters(extract.name))
    ]
    named = [
        file
        for file in files
        if file.name.casefold() == extract.file_name or is_named_as_copy(file, extract)
    ]
    named.sort(
        key=lambda file: (file.lstat().st_mtime_ns, file.name.casefold() == extract.file_name),
        reverse=True,
    )
    return next(iter([*named, *files]), exact)


def is_unfinished(file: Path) -> bool:
    """Whether another program is still writing it, by its name."""
    return _UNFINISHED.fullmatch(file.name) is not None


def pending(paths: Paths, today: date, *extracts: Extract) -> list[Waiting]:
    """Files in the drop folder that the ledger does not know yet, oldest month first.

    A file is known by size and time of change, or else by its SHA-256, within its month. Files
    that another program is still writing are left out, and folders of months that cannot be
    delivered by `today`. Raises `LedgerError`.
    """
    receipts = read_receipts(paths)
    waiting = changed(paths, receipts, today, *extracts)
    return [each for each in waiting if is_new(each, receipts)]


def changed(
    paths: Paths, receipts: Iterable[Receipt], today: date, *extracts: Extract
) -> list[Waiting]:
    """Files whose size or time of change the `receipts` do not know; none of them is read."""
    known = {(r.extract, r.delivery_month, r.bytes, r.mtime_ns) for r in receipts}
    found = []
    for month in (folder.name for folder in month_folders(paths.incoming, today)):
        for extract in extracts:
            file = delivered_file(paths.incoming, month, extract)
            try:
                status = file.lstat()
            except OSError:
                continue
            size, changed_at = status.st_size, status.st_mtime_ns
            if (extract.name, month, size, changed_at) not in known:
                found.append(Waiting(extract.name, month, file, size, changed_at))
    return found


def is_new(waiting: Waiting, receipts: Iterable[Receipt]) -> bool:
    """Whether no receipt of the extract and month names these bytes; reads the file."""
    if waiting.file.is_symlink() or not waiting.file.is_file():
        return True
    digests = {(r.extract, r.delivery_month, r.sha256) for r in receipts}
    return (waiting.extract, waiting.month, _digest(waiting.file)) not in digests


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if not is_unfinished(file))


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.casefold())


def _digest(file: Path) -> str | None:
    """The file's SHA-256; None where it cannot be read, so that check-in says why."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None
