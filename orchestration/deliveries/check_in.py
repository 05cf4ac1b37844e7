"""Check in one delivered file: gate, strict read, typing, row rules, archive, receipt."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.catalogue import Indicator
from orchestration.deliveries import archive, ledger
from orchestration.deliveries.contract import Extract
from orchestration.deliveries.gate import MAX_BYTES, Gate, pass_gate
from orchestration.deliveries.layout import Paths, is_month, make_folders
from orchestration.deliveries.ledger import Receipt
from orchestration.deliveries.loading import Delivery, Rows, RowsUnaccountedError, load
from orchestration.deliveries.messages import CODES, Finding, finding


class CheckInError(RuntimeError):
    """The check-in itself failed (not the delivery); the message has the usual form."""


def check_in(
    file: Path,
    month: str,
    contract: Extract,
    catalogue: Mapping[str, Indicator],
    geographies: Collection[str],
    paths: Paths,
    received_at: datetime,
    *,
    max_bytes: int = MAX_BYTES,
) -> Receipt:
    """Check in `file` as the delivery of `month` (YYYY-MM) and append a receipt to the ledger.

    An accepted file replaces `raw/<extract>/<month>.parquet`; a refused one changes nothing there.
    Faulty rows go to the quarantine. A bad delivery is a receipt, never an exception; raises
    `CheckInError` where the data folder cannot be written to, `LedgerError` where the ledger
    cannot be read, `ValueError` for a month of another form or a `received_at` without zone.
    """
    if not is_month(month):
        raise ValueError("month must be YYYY-MM")
    if received_at.tzinfo is None:
        raise ValueError("received_at must have a time zone")
    delivery = Delivery(file, month, contract, catalogue, geographies, paths)
    try:
        return _check_in(delivery, received_at.astimezone(UTC), max_bytes)
    except RowsUnaccountedError:
        code, cause = "ROWS-UNACCOUNTED", None
    except (OSError, duckdb.Error) as error:
        code, cause = "CHECK-IN-FAILED", getattr(error, "strerror", None) or type(error).__name__
    # Raised outside the handler: DuckDB's own errors can quote rows and must not be chained.
    what = cause and f"{CODES[code].what}: {cause}"
    meanwhile = "nothing of this delivery is used; what is published stays"
    raise CheckInError(str(finding(code, what=what).placed(_safe_name(delivery), meanwhile)))


def _check_in(delivery: Delivery, received_at: datetime, max_bytes: int) -> Receipt:
    contract, month, paths = delivery.contract, delivery.month, delivery.paths
    make_folders(paths, contract.name)
    ledger.make_ledger(paths)
    archive.ensure_empty(contract, paths)
    receipts = ledger.read_receipts(paths, contract.name)
    before = ledger.last_accepted(receipts, month)
    stays = before or ledger.last_accepted(receipts)
    rules_sha256 = _fingerprint(delivery)
    gate = pass_gate(delivery.file, contract, max_bytes=max_bytes)
    outcome, rows = _decide(delivery, gate, before, rules_sha256)
    name = _safe_name(delivery)
    findings = [
        found.placed(name, _meanwhile(found, outcome, contract, stays)) for found in rows.findings
    ]
    receipt = Receipt(
        extract=contract.name,
        delivery_month=month,
        file=name,
        sha256=gate.sha256,
        bytes=gate.size,
        mtime_ns=gate.mtime_ns,
        rules_sha256=rules_sha256,
        rows_in_file=rows.in_file,
        loaded=rows.loaded,
        quarantined=rows.quarantined,
        duplicates=rows.duplicates,
        stood_in=rows.stood_in,
        outcome=outcome,
        codes=" ".join(dict.fromkeys(found.code for found in findings)),
        findings=tuple(str(found) for found in findings),
        received_at=received_at.isoformat(),
        stands_in=stays.delivery_month if stays and outcome in ("refused", "missing") else None,
    )
    ledger.append(paths, receipt)
    return receipt


def _decide(
    delivery: Delivery, gate: Gate, before: Receipt | None, rules_sha256: str
) -> tuple[ledger.Outcome, Rows]:
    """What becomes of the file, given the delivery accepted `before` for its month."""
    if not gate.accepted:
        missing = gate.findings[0].code == "FILE-MISSING"
        return "missing" if missing else "refused", Rows(findings=gate.findings)
    if (
        before
        and (before.sha256, before.rules_sha256) == (gate.sha256, rules_sha256)
        and archive.delivered_sha256(delivery.raw_file) == gate.sha256
    ):
        counts = (before.rows_in_file, before.loaded, before.quarantined, before.duplicates)
        return "unchanged", Rows(*counts, before.stood_in, (finding("DUP-DELIVERY"),))
    rows = load(delivery, gate)
    findings = (*gate.findings, *rows.findings)
    if any(CODES[found.code].outcome == "refuse" for found in findings):
        return "refused", replace(rows, findings=findings)
    if before and before.sha256 != gate.sha256:
        findings = (*findings, finding("SUPERSEDED"))
    return "accepted", replace(rows, findings=findings)


def _meanwhile(
    found: Finding, outcome: ledger.Outcome, contract: Extract, stays: Receipt | None
) -> str:
    if outcome in ("refused", "missing"):
        if stays is None:
            return "no delivery was accepted before, so its figures show no data"
        return (
            f"the delivery for {stays.delivery_month} accepted on {stays.received_at[:10]} stays "
            "in use and its figures stay published"
        )
    if outcome == "unchanged":
        return "nothing changes; what is published stays"
    if CODES[found.code].outcome == "quarantine":
        stand = "; figures accepted for them before stay" if contract.last_rows_stand_in else ""
        return f"these rows are set aside and the rest of the file is used{stand}"
    return "the file is used"


def _safe_name(delivery: Delivery) -> str:
    """The month and the contract's file name; never another name, which could be a child's."""
    expected = delivery.contract.file_name
    name = expected if delivery.file.name.casefold() == expected else "(a file of another name)"
    return f"{delivery.month}/{name}"


def _fingerprint(delivery: Delivery) -> str:
    """Names the rules a file was checked by: the same bytes under new rules are checked anew."""
    known = (
        delivery.contract,
        sorted(delivery.catalogue.items(), key=lambda item: item[0]),
        sorted(set(delivery.geographies)),
    )
    return hashlib.sha256(repr(known).encode()).hexdigest()
