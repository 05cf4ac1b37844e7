"""Our copies of files that lie elsewhere are kept as long as originals are, and no longer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.sources.months import today_in_london
from orchestration.deliveries.sources.strangers import strangers
from orchestration.deliveries.storage.fetch import AGED
from orchestration.deliveries.storage.folders import Folders
from orchestration.deliveries.storage.record import opened


def remove_old_copies(
    top: Path, receipts: Mapping[str, Sequence[Receipt]], days: int, now: datetime
) -> int:
    """Remove what was checked in, or is read by nothing, more than `days` ago; how many went.

    The record knows what they were, so that none of them is fetched again as new: an extract only
    where it changes there, a return also when others come that are read together with it.
    """
    folders = Folders(top)
    if not folders.record.exists():
        return 0
    before = now - timedelta(days=days)
    newest: dict[str, Receipt] = {}
    for each in (receipt for listed in receipts.values() for receipt in listed):
        if each.sha256 not in newest or newest[each.sha256].received_at < each.received_at:
            newest[each.sha256] = each
    unread = {each.file for each in strangers(folders.files, today_in_london(now))}
    count = 0
    with opened(folders.record) as record:
        for path, copy in record.copies().items():
            file, receipt = folders.files / path, newest.get(copy.sha256)
            if not file.exists() or not (receipt or file in unread):
                continue
            at = max(receipt.received_at if receipt else "", copy.fetched_at)
            if datetime.fromisoformat(at) >= before:
                continue
            kind = "extract" if receipt and receipt.extract in EXTRACTS else "other"
            record.note(path, replace(copy, removed=kind))
            file.unlink()
            if "/" in path:
                (folders.files / path.partition("/")[0] / AGED).touch()
            count += 1
    return count
