"""Whether the accepted rows still lie as check-in and forgetting wrote them.

They are all that the figures are made from: a file that went, or that another hand changed, would
change published figures without a word.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import finding
from orchestration.reference.calendar import is_month


class RowsDamagedError(RuntimeError):
    """Accepted rows are not as they were written; the message has the usual form, a line a file."""


def require_intact(paths: Paths) -> None:
    """Raise `RowsDamagedError` unless every file of accepted rows holds what the ledger says, and
    every one that the figures need is there. Raises `LedgerError` too."""
    receipts = ledger.by_extract(paths)
    written = _written(paths, receipts)
    found = []
    for extract in EXTRACTS.values():
        listed = receipts.get(extract.name, [])
        accepted = {each.delivery_month: each for each in ledger.last_of_each_month(listed)}
        needed = list(accepted)
        if extract.history == "own" and accepted:
            needed = [max(accepted.values(), key=ledger.precedence).delivery_month]
        lying = {
            file.stem: file
            for file in (paths.raw / extract.name).glob("*.parquet")
            if file.name != paths.empty_file(extract.name).name
        }
        for month in sorted(lying.keys() | set(needed)):
            if month not in lying:
                code = "ROWS-GONE"
            elif month not in accepted:
                code = "ROWS-NOT-KNOWN"
            elif _is_as_written(lying[month], written.get((extract.name, month), "")):
                continue
            else:
                code = "ROWS-CHANGED"
            place = paths.raw_file(extract.name, month).relative_to(paths.raw.parent).as_posix()
            expected = None
            if month in accepted:
                original = f"originals/{accepted[month].sha256}"
                expected = f"the rows of {accepted[month].file} as accepted: {original} if kept"
            meanwhile = "nothing is built; what is published stays"
            found.append(str(finding(code, expected=expected).placed(place, meanwhile)))
    if found:
        raise RowsDamagedError("\n".join(found))


def set_aside_damaged(paths: Paths, receipts: Mapping[str, Sequence[Receipt]]) -> None:
    """Take files that are not as they were written out of the way of a check-in.

    It would stumble over one, and writes it anew where the delivery still lies in the drop folder;
    what it cannot write anew is gone for `require_intact`. Raises `OSError`.
    """
    for (extract, month), sha256 in _written(paths, receipts).items():
        file = paths.raw_file(extract, month)
        if file.is_file() and not _is_as_written(file, sha256):
            file.replace(file.with_name(f".{file.name}.damaged"))


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file; empty where there is none."""
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _is_as_written(file: Path, sha256: str) -> bool:
    """True as well for a file from before the ledger told."""
    return not sha256 or sha256_of(file) == sha256


def _written(paths: Paths, receipts: Mapping[str, Sequence[Receipt]]) -> dict[tuple[str, str], str]:
    """(extract, month) -> SHA-256 of its accepted rows, by receipts and by tombstones, which say
    what a file became when somebody was forgotten."""
    became: dict[tuple[str, str], str] = {}
    for tombstone in sorted(paths.tombstones.glob("*.json")):
        try:
            for each in json.loads(tombstone.read_bytes())["files"]:
                became[each["file"], each["was"]] = each["is"]
        except (ValueError, KeyError, TypeError):
            raise ledger.unreadable(tombstone) from None
    written = {}
    for listed in receipts.values():
        for receipt in listed:
            if receipt.rows_sha256 and is_month(receipt.delivery_month):
                written[receipt.extract, receipt.delivery_month] = receipt.rows_sha256
    for (extract, month), sha256 in written.items():
        place = f"raw/{extract}/{month}.parquet"
        while (place, sha256) in became:
            sha256 = became.pop((place, sha256))
        written[extract, month] = sha256
    return written
