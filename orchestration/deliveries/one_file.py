"""One file on its way through the check-in: judged by itself, then stored, then its receipt.

Between the two, the other files of the delivery are judged: keys may refer to any of them.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.catalogue.indicators import Indicator
from orchestration.contract import case_systems
from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.gate.gate import Gate, is_named_as_copy, pass_gate
from orchestration.deliveries.keeping import originals
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.accepted_rows import sha256_of
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import CODES, Finding, counted, finding, refuses
from orchestration.deliveries.rows import archive, loading
from orchestration.deliveries.rows.pseudonym import key_mark
from orchestration.deliveries.rows.window import Window, window
from orchestration.deliveries.rows.workshop import Before, Delivery, Rows, Workshop
from orchestration.deliveries.sources.manifest import Stated, stated
from orchestration.reference.calendar import month_end

# What a format lacks is in its table; a script may be an old one.
_OF_SCRIPTS = "COLUMN-ABSENT"
# Two windows that move with the months differ by no more days than this.
_A_MONTH = 31


@dataclass(frozen=True)
class Case:
    """One file. `gate` is without content; `before` was accepted for the same month."""

    delivery: Delivery
    gate: Gate
    rules_sha256: str
    before: Receipt | None
    outcome: ledger.Outcome
    rows: Rows


@dataclass(frozen=True)
class Desk:
    """What the files of one delivery have in common.

    `key` is None where no person is in them; `receipts` are all of the ledger by extract, in
    order; `manifest` is what it says of each extract; `cases` are the files judged so far;
    `released` are the SHA-256 of files whose number of rows is known to be right.
    """

    month: str
    catalogue: Mapping[str, Indicator]
    geographies: Mapping[str, str]
    paths: Paths
    received_at: datetime
    max_bytes: int
    key: bytes | None
    receipts: dict[str, list[Receipt]]
    workshop: Workshop
    manifest: Mapping[str, Stated]
    cases: dict[str, Case]
    released: Collection[str]

    def receipts_of(self, contract: Extract) -> list[Receipt]:
        return self.receipts.get(contract.name, [])

    def safe_name(self, contract: Extract, file: Path) -> str:
        """The month and the contract's file name; never another name, which could be a child's."""
        expected = contract.file_name
        known = file.name.casefold() == expected or is_named_as_copy(file, contract)
        name = expected if known else "(a file of another name)"
        origin = contract.name in self.manifest and self.manifest[contract.name].origin
        return f"{self.month}/{name}" + (f" from {origin}" if origin else "")


def judge(desk: Desk, contract: Extract, file: Path, *, anew: bool = False) -> Case:
    """What becomes of the file; `anew` also where its bytes are those accepted before.

    Its content lies ready in the workshop, the case among those of the desk.
    """
    said = desk.manifest.get(contract.name)
    gate = pass_gate(file, contract, max_bytes=desk.max_bytes)
    delivery = Delivery(
        file=file,
        month=desk.month,
        contract=contract,
        catalogue=desk.catalogue,
        geographies=desk.geographies,
        paths=desk.paths,
        as_at=said.as_at if said else month_end(desk.month),
        source_system=said.source_system if said else "",
        origin=said.origin if said else "",
    )
    delivery = replace(delivery, before=_compared_with(desk, contract, gate.sha256))
    rules_sha256 = _fingerprint(desk, delivery)
    before = ledger.last_accepted(desk.receipts_of(contract), desk.month)
    changed = gate.sha256 and not originals.keep(desk.paths, file, gate.sha256)
    findings = (
        *(each for each in gate.findings if not (delivery.origin and each.code == _OF_SCRIPTS)),
        *((finding("FILE-NOT-STABLE"),) if changed else ()),
        *_against_manifest(gate, said),
        *_against_time(desk, delivery, gate, before),
    )
    findings = (*findings, *_against_other_months(desk, delivery, gate, findings))
    outcome: ledger.Outcome
    if any(found.code == "FILE-MISSING" for found in findings):
        outcome, rows = "missing", Rows(findings=findings)
    elif refuses(findings):
        outcome, rows = "refused", Rows(findings=findings)
    elif (
        before
        and not anew
        and (before.sha256, before.rules_sha256) == (gate.sha256, rules_sha256)
        and archive.delivered_sha256(desk.workshop.connection, delivery.raw_file) == gate.sha256
    ):
        counts = (before.rows_in_file, before.loaded, before.quarantined, before.duplicates)
        rows = Rows(*counts, before.stood_in, (finding("DUP-DELIVERY"),))
        outcome = "unchanged"
    else:
        rows = loading.prepare(desk.workshop, delivery, gate, _rows_in_use(desk, contract))
        findings = (*findings, *rows.findings)
        outcome = "refused" if refuses(findings) else "accepted"
        if outcome == "accepted" and before and before.sha256 != gate.sha256:
            findings = (*findings, finding("SUPERSEDED"))
        rows = replace(rows, findings=findings)
    # The content of all files at once could be more than there is room for.
    gate = replace(gate, content=b"", lines=())
    case = desk.cases[contract.name] = Case(delivery, gate, rules_sha256, before, outcome, rows)
    return case


def is_outdated(desk: Desk, case: Case) -> bool:
    """Whether the same bytes were checked against other deliveries than are in use now."""
    return (
        case.outcome == "unchanged"
        and case.before is not None
        and case.before.checked_against != _checked_against(desk, case.delivery.contract)
    )


def conclude(desk: Desk, case: Case) -> Receipt:
    """Put in place what was prepared; the receipt, not yet written."""
    contract, gate, rows = case.delivery.contract, case.gate, case.rows
    if case.outcome == "accepted" or (case.outcome == "refused" and rows.in_file):
        parents = _rows_in_use(desk, contract)
        rows = loading.store(desk.workshop, case.delivery, rows, gate.sha256, parents)
    stays = case.before or ledger.last_accepted(desk.receipts_of(contract))
    name = desk.safe_name(contract, case.delivery.file)
    findings = [
        found.placed(name, _meanwhile(found, case.outcome, contract, stays))
        for found in rows.findings
    ]
    unused = case.outcome in ("refused", "missing")
    known = Window() if unused else _window(desk, case)
    return Receipt(
        extract=contract.name,
        delivery_month=desk.month,
        file=name,
        sha256=gate.sha256,
        bytes=gate.size,
        mtime_ns=gate.mtime_ns,
        rules_sha256=case.rules_sha256,
        rows_in_file=rows.in_file,
        loaded=rows.loaded,
        quarantined=rows.quarantined,
        duplicates=rows.duplicates,
        stood_in=rows.stood_in,
        outcome=case.outcome,
        codes=" ".join(dict.fromkeys(found.code for found in findings)),
        findings=tuple(str(found) for found in findings),
        received_at=desk.received_at.isoformat(),
        stands_in=stays.delivery_month if stays and unused else None,
        checked_against="" if unused else _checked_against(desk, contract),
        as_at=case.delivery.as_at.isoformat(),
        counts=counted(findings),
        rows_sha256=_rows_sha256(case),
        data_from=known.data_from.isoformat() if known.data_from else "",
        data_from_known_by=known.known_by,
        origin=case.delivery.origin,
    )


def _window(desk: Desk, case: Case) -> Window:
    said = desk.manifest.get(case.delivery.contract.name)
    return window(
        desk.workshop.connection,
        case.delivery.contract,
        f"({archive.rows_of(case.delivery.raw_file)})",
        case.delivery.as_at,
        said.data_from if said else None,
    )


def _rows_sha256(case: Case) -> str:
    """Of the rows just written, or of rows that no receipt has told it of yet."""
    is_first = case.before is None or not case.before.rows_sha256
    if case.outcome == "accepted" or (case.outcome == "unchanged" and is_first):
        return sha256_of(case.delivery.raw_file)
    return ""


def _in_use(desk: Desk, extract: str) -> tuple[str, str] | None:
    """Month and SHA-256 of the delivery of `extract` whose rows stand for this month."""
    case = desk.cases.get(extract)
    if case and case.outcome in ("accepted", "unchanged"):
        return desk.month, case.gate.sha256
    receipts = desk.receipts.get(extract, [])
    receipt = ledger.in_use(receipts, desk.month)
    if receipt is None and EXTRACTS[extract].class_ == "reference":
        # What a code or a postcode means does not change with the month.
        receipt = ledger.last_accepted(receipts)
    if receipt and desk.paths.raw_file(extract, receipt.delivery_month).exists():
        return receipt.delivery_month, receipt.sha256
    return None


def _checked_against(desk: Desk, contract: Extract) -> str:
    used = {name: _in_use(desk, name) for name in contract.parents}
    return " ".join(f"{name}/{each[0]}/{each[1][:16]}" for name, each in used.items() if each)


def _rows_in_use(desk: Desk, contract: Extract) -> dict[str, list[Path]]:
    """Extract -> its rows, for those that rows of `contract` are held against and that came."""
    found = {}
    for name in contract.parents:
        case = desk.cases.get(name)
        if case and case.outcome == "accepted":
            found[name] = [desk.workshop.good_rows(name)]
        elif used := _in_use(desk, name):
            month, _ = used
            found[name] = [desk.paths.empty_file(name), desk.paths.raw_file(name, month)]
    return found


def _against_manifest(gate: Gate, said: Stated | None) -> list[Finding]:
    """Whether the file is the one that the manifest describes."""
    if said is None or not gate.accepted:
        return []
    is_another = gate.sha256 != said.sha256
    is_cut = any(found.code == "FILE-NO-EOL" for found in gate.findings)
    if len(gate.lines) < said.rows or (is_another and is_cut):
        return [finding("FILE-CUT-SHORT")]
    if len(gate.lines) > said.rows or is_another:
        return [finding("MANIFEST-DIFFERS")]
    return []


def _against_time(
    desk: Desk, delivery: Delivery, gate: Gate, before: Receipt | None
) -> list[Finding]:
    """Whether the file comes after a newer one, or from the future."""
    found: list[Finding] = []
    contract = delivery.contract
    if not gate.accepted:
        return found
    newest = ledger.last_accepted(desk.receipts_of(contract))
    if before and before.sha256 != gate.sha256 and delivery.as_at.isoformat() < before.as_at:
        found.append(finding("AS-AT-OLDER"))
    elif contract.history == "own" and newest and not before and newest.delivery_month > desk.month:
        found.append(finding("OUT-OF-ORDER"))
    received = desk.received_at
    tomorrow = (received + timedelta(days=1)).timestamp() * 1e9
    if contract.name in desk.manifest and delivery.as_at > received.date():
        found.append(finding("AS-AT-AHEAD"))
    if gate.mtime_ns > tomorrow:
        found.append(finding("AS-AT-FUTURE"))
    return found


def _against_other_months(
    desk: Desk, delivery: Delivery, gate: Gate, so_far: Iterable[Finding]
) -> list[Finding]:
    """Whether another month's delivery covers the same last day, or an earlier month's a later."""
    contract, as_at = delivery.contract, delivery.as_at.isoformat()
    if not gate.accepted or contract.class_ not in ("ssd", "sen", "local"):
        return []
    others = [
        each
        for each in ledger.last_of_each_month(desk.receipts_of(contract))
        if each.delivery_month != desk.month
        and (each.as_at == as_at or (each.as_at > as_at and each.delivery_month < desk.month))
    ]
    if not others:
        return []
    first = max(others, key=ledger.precedence)
    same = "the same last day" if first.as_at == as_at else "a later last day"
    codes = " ".join(found.code for found in so_far)
    stands = ledger.order(as_at, codes, desk.month) > ledger.precedence(first)
    which = "this one stands" if stands else "that one stands"
    what = f"the delivery for {first.delivery_month} covers {same}; {which}"
    return [finding("AS-AT-NOT-LATER", what=what)]


def _compared_with(desk: Desk, contract: Extract, sha256: str) -> Before | None:
    """The delivery in use for this month or one before, if it reaches as far back."""
    receipt = ledger.in_use(desk.receipts_of(contract), desk.month)
    if contract.class_ not in ("ssd", "sen", "local") or receipt is None:
        return None
    said = desk.manifest.get(contract.name)
    if receipt.origin != (said.origin if said else ""):
        return None
    earlier = stated(desk.workshop.connection, desk.paths, receipt.delivery_month)
    reaches = [
        said and said.data_from and (said.as_at - said.data_from).days
        for said in (earlier.get(contract.name), said)
    ]
    raw_file = desk.paths.raw_file(contract.name, receipt.delivery_month)
    is_other_reach = None not in reaches and abs(reaches[0] - reaches[1]) > _A_MONTH
    if is_other_reach or not raw_file.exists():
        return None
    return Before(raw_file, receipt.rows_in_file, sha256 in desk.released)


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


def _fingerprint(desk: Desk, delivery: Delivery) -> str:
    """Names the rules a file was checked by: the same bytes under new rules are checked anew."""
    contract = delivery.contract
    words = [item for item in case_systems.CODES.items() if item[0][0] == contract.name]
    aliases = [each.get(contract.name) for each in (case_systems.ALIASES, case_systems.STAND_INS)]
    known: list[object] = [contract, aliases, sorted(words), delivery.as_at]
    if any(column.reference for column in contract.columns):
        known += [sorted(desk.catalogue.items(), key=lambda item: item[0])]
        known += [sorted(desk.geographies.items())]
    if desk.key and any(column.person for column in contract.columns):
        known += [key_mark(desk.key)]
    return hashlib.sha256(repr(known).encode()).hexdigest()
