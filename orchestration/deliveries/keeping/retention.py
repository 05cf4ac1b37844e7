"""How long what was delivered is kept, layer by layer; the ledger alone is kept for ever.

The storage limitation principle: UK GDPR, article 5(1)(e).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.reference.calendar import is_month


@dataclass(frozen=True)
class Retention:
    """Days that files as delivered, rows set aside and the history of runs are kept, and how many
    months of accepted rows: only of extracts whose newest delivery holds the whole history, and
    never the newest."""

    originals_days: int = 30
    quarantine_days: int = 180
    archive_months: int = 24
    history_days: int = 90


DEFAULT_RETENTION = Retention()


def purge(
    paths: Paths,
    receipts: Mapping[str, Sequence[Receipt]],
    retention: Retention,
    now: datetime,
) -> list[Path]:
    """Remove what has been kept long enough, and say what went.

    Age counts from the newest receipt that names the file; without one (a check-in that was
    killed) from the file's own time.
    """
    gone = [
        *_old_originals(paths, receipts, now - timedelta(days=retention.originals_days)),
        *_old_case_lists(paths, now - timedelta(days=retention.originals_days)),
        *_old_quarantine(paths, receipts, now - timedelta(days=retention.quarantine_days)),
        *_old_deliveries(paths, receipts, retention.archive_months),
    ]
    for file in gone:
        file.unlink()
    return gone


def _old_originals(
    paths: Paths, receipts: Mapping[str, Sequence[Receipt]], before: datetime
) -> Iterator[Path]:
    newest: dict[str, str] = {}
    for each in (receipt for listed in receipts.values() for receipt in listed):
        newest[each.sha256] = max(newest.get(each.sha256, ""), each.received_at)
    for file in sorted(paths.originals.glob("*")):
        if _moment(newest.get(file.name), file) < before:
            yield file


def _old_case_lists(paths: Paths, before: datetime) -> Iterator[Path]:
    """Lists of cases name people as the originals do, and are kept no longer."""
    for file in sorted(paths.cases.glob("*.csv")):
        if _moment(None, file) < before:
            yield file


def _old_quarantine(
    paths: Paths, receipts: Mapping[str, Sequence[Receipt]], before: datetime
) -> Iterator[Path]:
    for extract, listed in receipts.items():
        newest = {receipt.delivery_month: receipt.received_at for receipt in listed}
        for file in sorted((paths.quarantine / extract).glob("[0-9]*")):
            if _moment(newest.get(file.name.split(".")[0]), file) < before:
                yield file


def _old_deliveries(
    paths: Paths, receipts: Mapping[str, Sequence[Receipt]], months: int
) -> Iterator[Path]:
    for extract, listed in receipts.items():
        in_use = ledger.last_accepted(listed)
        if in_use is None or extract not in EXTRACTS or EXTRACTS[extract].history != "own":
            continue
        for file in sorted((paths.raw / extract).glob("*.parquet")):
            if is_month(file.stem) and _number(in_use.delivery_month) - _number(file.stem) > months:
                yield file


def _moment(received_at: str | None, file: Path) -> datetime:
    if received_at:
        return datetime.fromisoformat(received_at)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
