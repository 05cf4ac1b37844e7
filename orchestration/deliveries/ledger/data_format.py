"""The form in which the data folder is written: an older one is brought up, a newer one refused.

1: every run wrote a receipt for every file, whether anything had changed or not.
2: a receipt says something new; one may withdraw what was accepted.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import FORMAT, Receipt
from orchestration.files import put_in_place


def bring_up(paths: Paths) -> None:
    """Migrate the ledger of an older version, and keep a copy as it was beside it.

    A kill on the way is mended by the next call: nothing is removed before it stands elsewhere.
    Raises `LedgerError` for newer data, and `OSError`.
    """
    found = ledger.format_of(paths)
    if found == FORMAT and paths.data_format.exists():
        return
    files = sorted(paths.receipts.glob("2*.json"))
    if files:
        _keep_copy(paths.ledger, found)
        _leave_out_what_says_nothing(paths, files)
    paths.ledger.mkdir(parents=True, exist_ok=True)
    with put_in_place(paths.data_format) as temporary:
        temporary.write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")


def _keep_copy(folder: Path, found: int) -> None:
    copy = folder.with_name(f"{folder.name}-format-{found}")
    if copy.exists():
        return
    half = copy.with_name(f".{copy.name}.tmp")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(folder, half)
    half.replace(copy)


def _leave_out_what_says_nothing(paths: Paths, files: Sequence[Path]) -> None:
    """Write the receipts that say something into one file, which is read first, and remove the
    others."""
    so_far: dict[str, list[Receipt]] = {}
    told = set()
    for receipt in ledger.read_receipts(paths):
        key = json.dumps(asdict(receipt), sort_keys=True)
        known = so_far.setdefault(receipt.extract, [])
        if key not in told and not ledger.is_told(receipt, known):
            told.add(key)
            known.append(receipt)
    kept_in_order = sorted(
        (each for listed in so_far.values() for each in listed), key=lambda each: each.received_at
    )
    merged = paths.receipts / f"{files[0].stem}-format-{FORMAT}.json"
    with put_in_place(merged, forbidden=0o222) as temporary:
        content = [asdict(each) for each in kept_in_order]
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    for file in files:
        if file != merged:
            file.unlink()
