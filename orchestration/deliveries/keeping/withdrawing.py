"""Taking back what was accepted for a month: a delivery that was put into the wrong folder, say."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.sources.folder import delivered_file
from orchestration.deliveries.sources.months import can_be_delivered
from orchestration.deliveries.sources.returns import month_of, returns


@dataclass(frozen=True)
class Withdrawn:
    """The extracts whose accepted rows of the month are taken back; those that stay because a file
    still lies in the drop folder, which the next run would take in again."""

    extracts: tuple[str, ...]
    still_there: tuple[str, ...] = ()


def withdraw(
    paths: Paths, month: str, extracts: Collection[str], today: date, now: datetime
) -> Withdrawn:
    """Remove the accepted rows of `month` (of `extracts`, or of all where none is named), and say
    so in the ledger; nothing where any of their files lies in the drop folder.

    The month before it stands again. A kill in between is mended by withdrawing again. Raises
    `LedgerError` and `OSError`.
    """
    accepted = {
        extract: receipt
        for extract, listed in ledger.by_extract(paths).items()
        if (receipt := ledger.last_accepted(listed, month))
        and (not extracts or extract in extracts)
    }
    named = {*accepted, *(each.origin for each in accepted.values())}
    lying = _in_the_drop_folder(paths, month, today) & named
    if lying:
        return Withdrawn((), tuple(sorted(lying)))
    for extract in accepted:
        if extract in EXTRACTS:
            paths.raw_file(extract, month).unlink(missing_ok=True)
            for file in (paths.quarantine / extract).glob(f"{month}.*"):
                file.unlink()
    # whatever the clock says: it is taken back after it was accepted
    accepted_at = max(
        (datetime.fromisoformat(r.received_at) for r in accepted.values()), default=now
    )
    moment = max(now, accepted_at + timedelta(microseconds=1))
    nothing = dict.fromkeys(("rows_in_file", "loaded", "quarantined", "duplicates", "stood_in"), 0)
    receipts = [
        replace(
            receipt,
            **nothing,
            outcome="withdrawn",
            codes="",
            findings=(),
            counts={},
            rows_sha256="",
            received_at=moment.astimezone(UTC).isoformat(),
        )
        for receipt in accepted.values()
    ]
    if receipts:
        ledger.append(paths, *receipts)
    return Withdrawn(tuple(sorted(accepted)))


def _in_the_drop_folder(paths: Paths, month: str, today: date) -> set[str]:
    """Extracts of the month that have a file there, and formats of returns taken in with it."""
    if not can_be_delivered(month, today):
        return set()
    found = {
        name
        for name, extract in EXTRACTS.items()
        if delivered_file(paths.incoming, month, extract).exists()
    }
    of_month = [e for e in returns(paths.incoming, today) if month_of(paths, e, today) == month]
    return found | {each.format.name for each in of_month}
