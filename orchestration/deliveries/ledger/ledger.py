"""The delivery ledger: one receipt for every check-in, never changed and never removed.

It cannot be rebuilt from anything else, so it is kept apart from the warehouse and backed up.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from orchestration.contract.extracts import EXTRACTS, VERSION
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.messages import finding
from orchestration.files import put_in_place

_CONTRACT = {
    "version": VERSION,
    "columns": {name: list(extract.column_names) for name, extract in EXTRACTS.items()},
}
FORMAT = 2
"""Of the data folder: `data_format` says what each number means."""

Outcome = Literal["accepted", "refused", "unchanged", "missing", "withdrawn"]

# For `read_json('<ledger>/receipts/*.json', columns = {...})`; further keys are ignored there.
RECEIPT_COLUMNS = {
    "extract": "VARCHAR",
    "delivery_month": "VARCHAR",
    "file": "VARCHAR",
    "sha256": "VARCHAR",
    "bytes": "BIGINT",
    "mtime_ns": "BIGINT",
    "rules_sha256": "VARCHAR",
    "rows_in_file": "BIGINT",
    "loaded": "BIGINT",
    "quarantined": "BIGINT",
    "duplicates": "BIGINT",
    "stood_in": "BIGINT",
    "outcome": "VARCHAR",
    "codes": "VARCHAR",
    "received_at": "TIMESTAMP WITH TIME ZONE",
    "stands_in": "VARCHAR",
    "checked_against": "VARCHAR",
    "as_at": "VARCHAR",
    "counts": "MAP(VARCHAR, BIGINT)",
    "rows_sha256": "VARCHAR",
    "data_from": "VARCHAR",
    "data_from_known_by": "VARCHAR",
    "origin": "VARCHAR",
}


class LedgerError(RuntimeError):
    """The ledger cannot be read or written; the message has the usual form."""


@dataclass(frozen=True)
class Receipt:
    """What one check-in did.

    `rows_in_file`, `loaded`, `quarantined` and `duplicates` are those of the file, 0 where it was
    refused before its rows were counted; a file held for its faulty rows loads none and has them
    all quarantined. `stood_in` counts rows kept from the delivery accepted before for this month.
    `stands_in` is the month whose delivery stays in use where this one is not (null: none was
    ever accepted). `rules_sha256` names the contract, the known codes, the as-at day and
    the key of the person hashes it was checked by; `codes` are the findings' codes, separated by
    spaces, and `findings` their messages. `received_at` is UTC, ISO 8601.
    `checked_against` are the deliveries whose keys and codes the rows were held against, as
    extract/month/sha256 and separated by spaces. `as_at` is the last day that the file covers
    (YYYY-MM-DD), by the manifest or else the end of the month. `counts` says how often each code
    was found. `rows_sha256` is that of the file of accepted rows, where this check-in wrote it.
    `data_from` is the day from which an accepted file is complete (YYYY-MM-DD), as
    `data_from_known_by` was `said` or `found`; both are empty where a file has no window, and in
    old receipts. `origin` is the format of the return that an extract was made of. A return has a
    receipt of its own for each of its files, with its format for the extract. A `withdrawn` one
    takes back what was said before it of its extract and month.
    """

    extract: str
    delivery_month: str
    file: str
    sha256: str
    bytes: int
    mtime_ns: int
    rules_sha256: str
    rows_in_file: int
    loaded: int
    quarantined: int
    duplicates: int
    stood_in: int
    outcome: Outcome
    codes: str
    findings: tuple[str, ...]
    received_at: str
    stands_in: str | None
    checked_against: str = ""
    as_at: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rows_sha256: str = ""
    data_from: str = ""
    data_from_known_by: str = ""
    origin: str = ""


def make_ledger(paths: Paths) -> None:
    """Make the ledger's folder, with a first file without receipts so that reading never fails,
    and note the contract that the data are written by. Raises `LedgerError` for newer data."""
    known = _contract_known(paths)
    first = paths.receipts / "0-empty.json"
    paths.receipts.mkdir(parents=True, exist_ok=True)
    if not first.exists():
        with put_in_place(first) as temporary:
            temporary.write_text("[]\n", encoding="utf-8")
    if known != _CONTRACT:
        with put_in_place(paths.contract_known) as temporary:
            temporary.write_text(json.dumps(_CONTRACT, indent=1) + "\n", encoding="utf-8")


def format_of(paths: Paths) -> int:
    """The form of the data folder; 1 where a version wrote it that did not say, FORMAT where
    nothing is there yet. Raises `LedgerError` for a newer one."""
    file = paths.data_format
    if not file.exists():
        return 1 if any(paths.receipts.glob("2*.json")) else FORMAT
    try:
        found = int(json.loads(file.read_bytes())["format"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _stopped("LEDGER-UNREADABLE", file) from None
    if found > FORMAT:
        raise _stopped("DATA-NEWER", file)
    return found


def _contract_known(paths: Paths) -> Mapping[str, Any]:
    """The contract that the data were last written by; empty before the first check-in, and where
    that was by a version that did not note it. Raises `LedgerError` where it knows more."""
    file = paths.contract_known
    if not file.exists():
        return {}
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        version, columns = known["version"], known["columns"]
        ours = {name: set(extract.column_names) for name, extract in EXTRACTS.items()}
        of_more = any(set(names) - ours.get(name, set()) for name, names in columns.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _stopped("LEDGER-UNREADABLE", file) from None
    if version > VERSION or (version == VERSION and of_more):
        raise _stopped("DATA-NEWER", file)
    return known


def _stopped(code: str, file: Path) -> LedgerError:
    meanwhile = "no delivery is checked in; what is published stays"
    return LedgerError(str(finding(code).placed(file.name, meanwhile)))


def append(paths: Paths, receipt: Receipt, *more: Receipt) -> None:
    """Write `receipt` (and `more` of the same moment) as a new file; a receipt that is there
    already is never touched."""
    moment = datetime.fromisoformat(receipt.received_at).astimezone(UTC)
    name = "-".join(
        (
            moment.strftime("%Y%m%dT%H%M%S%fZ"),
            receipt.delivery_month,
            "several" if more else receipt.extract,
            receipt.sha256[:8] or "none",
        )
    )
    target, copy = paths.receipts / f"{name}.json", 1
    while target.exists():
        copy += 1
        target = paths.receipts / f"{name}-{copy}.json"
    with put_in_place(target, forbidden=0o222) as temporary:
        content = [asdict(each) for each in (receipt, *more)] if more else asdict(receipt)
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_receipts(paths: Paths, extract: str | None = None) -> list[Receipt]:
    """Every receipt that holds, of one extract or of all, in the order of receipt: without those of
    an extract and month that were withdrawn later. Raises `LedgerError`."""
    _contract_known(paths)
    format_of(paths)
    receipts: list[Receipt] = []
    for file in sorted(paths.receipts.glob("*.json")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            for each in content if isinstance(content, list) else [content]:
                receipts.append(Receipt(**{**each, "findings": tuple(each["findings"])}))
        except (OSError, ValueError, KeyError, TypeError):
            raise unreadable(file) from None
    return _that_hold(receipt for receipt in receipts if extract in (None, receipt.extract))


def _that_hold(receipts: Iterable[Receipt]) -> list[Receipt]:
    listed = list(receipts)
    withdrawn = {
        (each.extract, each.delivery_month): place
        for place, each in enumerate(listed)
        if each.outcome == "withdrawn"
    }
    return [
        each
        for place, each in enumerate(listed)
        if place > withdrawn.get((each.extract, each.delivery_month), -1)
    ]


def by_extract(paths: Paths) -> dict[str, list[Receipt]]:
    """Every receipt by its extract, in the order of receipt. Raises `LedgerError`."""
    receipts: dict[str, list[Receipt]] = {}
    for receipt in read_receipts(paths):
        receipts.setdefault(receipt.extract, []).append(receipt)
    return receipts


def is_told(receipt: Receipt, receipts: Iterable[Receipt]) -> bool:
    """Whether the newest of `receipts` for the month says all that this one does, so that a run
    over the same files leaves none: after years of nights they would take minutes to read."""
    of_month = [each for each in receipts if each.delivery_month == receipt.delivery_month]
    if not of_month or receipt.outcome not in ("unchanged", "refused"):
        return False
    said = replace(of_month[-1], received_at=receipt.received_at)
    if receipt.outcome == "refused":
        return said == receipt
    facts = ("sha256", "mtime_ns", "rules_sha256", "checked_against", "as_at", "data_from")
    is_same = all(getattr(said, name) == getattr(receipt, name) for name in facts)
    return is_same and said.outcome in ("accepted", "unchanged") and not receipt.rows_sha256


def unreadable(file: Path) -> LedgerError:
    """What to raise for a file of the ledger that cannot be read."""
    return _stopped("LEDGER-UNREADABLE", file)


def last_accepted(receipts: Sequence[Receipt], month: str | None = None) -> Receipt | None:
    """The delivery in use: the newest accepted for `month`, or for the newest month of all.

    `receipts` are those of one extract in the order of receipt.
    """
    accepted = [receipt for receipt in receipts if receipt.outcome == "accepted"]
    newest = month or max((receipt.delivery_month for receipt in accepted), default=None)
    return next((r for r in reversed(accepted) if r.delivery_month == newest), None)


def last_of_each_month(receipts: Sequence[Receipt]) -> list[Receipt]:
    """The newest accepted receipt of each month, oldest month first; those of one extract."""
    accepted = {each.delivery_month: each for each in receipts if each.outcome == "accepted"}
    return [accepted[month] for month in sorted(accepted)]


def order(as_at: str, codes: str, month: str) -> tuple[str, bool, str]:
    """Of two deliveries of an extract the greater stands: the later last day, then what its
    manifest describes (that of another month says nothing of these files), then the later month."""
    return (as_at, "MANIFEST-DIFFERS" not in codes.split(), month)


def precedence(receipt: Receipt) -> tuple[str, bool, str]:
    """The `order` of an accepted delivery."""
    return order(receipt.as_at, receipt.codes, receipt.delivery_month)


def in_use(receipts: Sequence[Receipt], month: str) -> Receipt | None:
    """The delivery whose rows stand for `month`: the newest accepted for it or a month before."""
    return last_accepted([r for r in receipts if r.delivery_month <= month])


def newest_receipt_time(paths: Paths) -> str:
    """When the newest accepted delivery was received (UTC, ISO 8601); empty before the first.

    The time that files made from the deliveries carry: it does not move when they are made again.
    """
    return max(
        (
            received_since(receipt, listed)
            for listed in by_extract(paths).values()
            for receipt in last_of_each_month(listed)
        ),
        default="",
    )


def received_since(receipt: Receipt, receipts: Sequence[Receipt]) -> str:
    """When the bytes of an accepted delivery were received first (UTC, ISO 8601): a version with
    other rules checks them in anew, and brings no news. `receipts` are those of its extract."""
    since = receipt.received_at
    for each in reversed(receipts):
        if each.outcome == "accepted" and each.delivery_month == receipt.delivery_month:
            if each.sha256 != receipt.sha256:
                break
            since = each.received_at
    return since


def accepted_sha256(paths: Paths) -> str:
    """A fingerprint of what was accepted, and of what people who were forgotten were taken out of:
    the same until a delivery is accepted or withdrawn or somebody is forgotten."""
    accepted = [
        f"{receipt.extract}/{receipt.delivery_month}/{receipt.sha256}/{receipt.received_at}"
        for listed in by_extract(paths).values()
        for receipt in last_of_each_month(listed)
        if paths.raw_file(receipt.extract, receipt.delivery_month).exists()
    ]
    forgotten = [file.name for file in paths.tombstones.glob("*.json")]
    return hashlib.sha256("\n".join(sorted(accepted + forgotten)).encode()).hexdigest()


def newest_accepted_month(paths: Paths) -> str:
    """The as-at month (YYYY-MM) of the newest accepted delivery; empty before the first."""
    accepted = [r.delivery_month for r in read_receipts(paths) if r.outcome == "accepted"]
    return max(accepted, default="")
