"""One file on its way through the check-in: judged by itself, then stored, then its receipt.

Between the two, the other files of the delivery are judged: keys may refer to any of them.
"""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from orchestration.contract import case_systems
from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.deliveries.against_others import (
    THAT_ONE,
    against_manifest,
    against_other_months,
    against_time,
    compared_with,
)
from orchestration.deliveries.desk import Case, Desk
from orchestration.deliveries.gate.gate import pass_gate
from orchestration.deliveries.keeping import originals
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.accepted_rows import sha256_of
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import CODES, Finding, counted, finding, refuses
from orchestration.deliveries.other_councils import same_file, same_people
from orchestration.deliveries.rows import archive, loading
from orchestration.deliveries.rows.pseudonym import key_mark
from orchestration.deliveries.rows.quiet_end import ends_early, never_end
from orchestration.deliveries.rows.window import Cut, Delivered, Window, cut_by_start, window
from orchestration.deliveries.rows.workshop import Delivery, Rows
from orchestration.reference.calendar import month_end

# What a format lacks is in its table; a script may be an old one.
_OF_SCRIPTS = "COLUMN-ABSENT"


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
    delivery = replace(delivery, before=compared_with(desk, contract, gate.sha256))
    rules_sha256 = _fingerprint(desk, delivery)
    before = ledger.last_accepted(desk.receipts_of(contract), desk.month)
    is_known = before is not None and before.sha256 == gate.sha256
    changed = gate.sha256 and not is_known and not originals.keep(desk.paths, file, gate.sha256)
    findings = (
        *(each for each in gate.findings if not (delivery.origin and each.code == _OF_SCRIPTS)),
        *((finding("FILE-NOT-STABLE"),) if changed else ()),
        *against_manifest(gate, said),
        *same_file(desk.others, contract, gate),
        *against_time(desk, delivery, gate, before),
    )
    findings = (*findings, *against_other_months(desk, delivery, gate, findings))
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
        findings = (*findings, *same_people(desk.others, contract, desk.workshop.connection))
        good = desk.workshop.good_rows(contract.name)
        for look in (ends_early, never_end) if good.exists() else ():
            told = look(desk.workshop.connection, delivery, good)
            findings = (*findings, *((told,) if told else ()))
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


def cuts_by_start(desk: Desk) -> dict[str, Cut]:
    """Extract -> how all of its case system were cut by the start of their rows, where the files
    that are judged show it and nobody says from which day the extract is complete. Raises
    `duckdb.Error`.

    The standard extracts of children's social care show it, and those of plans for special needs
    that come from the same system hold to it. What a council writes itself has days of its own.
    """
    systems: dict[tuple[str, str], list[Case]] = {}
    for case in desk.cases.values():
        is_standard = case.delivery.contract.class_ in ("ssd", "sen")
        if is_standard and case.outcome in ("accepted", "unchanged"):
            system = case.delivery.source_system.casefold(), case.delivery.origin
            systems.setdefault(system, []).append(case)
    found = {}
    for cases in systems.values():
        unsaid = [each for each in cases if _said_from(desk, each) is None]
        social_care = [case for case in cases if case.delivery.contract.class_ == "ssd"]
        there = [_delivered(case, _rows_of(desk, case)) for case in social_care]
        if unsaid and (cut := cut_by_start(desk.workshop.connection, there)):
            found |= {case.delivery.contract.name: cut for case in unsaid}
    return found


def _rows_of(desk: Desk, case: Case) -> Path:
    """The rows of a file that is judged, stored or not."""
    is_new = case.outcome == "accepted"
    name = case.delivery.contract.name
    return desk.workshop.good_rows(name) if is_new else case.delivery.raw_file


def conclude(desk: Desk, case: Case) -> Receipt:
    """Put in place what was prepared; the receipt, not yet written."""
    contract, gate, rows = case.delivery.contract, case.gate, case.rows
    if case.outcome == "accepted" or (case.outcome == "refused" and rows.in_file):
        parents = _rows_in_use(desk, contract)
        released = gate.sha256 in desk.released
        rows = loading.store(
            desk.workshop, case.delivery, rows, gate.sha256, parents, released=released
        )
        if refuses(rows.findings):
            case = desk.cases[contract.name] = replace(case, outcome="refused", rows=rows)
    stays = case.before or ledger.last_accepted(desk.receipts_of(contract))
    name = desk.safe_name(contract, case.delivery.file)
    unused = case.outcome in ("refused", "missing")
    known = Window() if unused else _window(desk, case)
    by_start = (finding("WINDOW-BY-START"),) if known.by_start else ()
    findings = [
        found.placed(name, _meanwhile(found, case.outcome, contract, stays))
        for found in (*rows.findings, *by_start)
    ]
    # what was found in the same bytes still holds
    same = case.before if case.outcome == "unchanged" else None
    told = [*(same.findings if same else ()), *map(str, findings)]
    codes = [*(same.codes.split() if same else ()), *(found.code for found in findings)]
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
        codes=" ".join(dict.fromkeys(codes)),
        findings=tuple(dict.fromkeys(told)),
        received_at=desk.received_at.isoformat(),
        stands_in=stays.delivery_month if stays and unused else None,
        checked_against="" if unused else _checked_against(desk, contract),
        as_at=case.delivery.as_at.isoformat(),
        counts={**(same.counts if same else {}), **counted(findings)},
        rows_sha256=_rows_sha256(case),
        data_from=known.data_from.isoformat() if known.data_from else "",
        data_from_known_by=known.known_by,
        origin=case.delivery.origin,
    )


def _window(desk: Desk, case: Case) -> Window:
    return window(
        desk.workshop.connection,
        _delivered(case, case.delivery.raw_file),
        _said_from(desk, case),
        desk.cuts_by_start.get(case.delivery.contract.name),
    )


def _said_from(desk: Desk, case: Case) -> date | None:
    said = desk.manifest.get(case.delivery.contract.name)
    return said.data_from if said else None


def _delivered(case: Case, file: Path) -> Delivered:
    rows = f"({archive.rows_of(case.delivery.paths.empty_file(case.delivery.contract.name), file)})"
    return Delivered(case.delivery.contract, rows, case.delivery.as_at)


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
    if found.code == "AS-AT-NOT-LATER" and found.what.endswith(THAT_ONE):
        return "the file is kept, and no figure is made of it"
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
    areas = desk.geographies
    if any(column.reference for column in contract.columns):
        known += [sorted(desk.catalogue.items(), key=lambda item: item[0])]
        known += [sorted(each.items()) for each in (areas.todays, areas.numbers)]
    if desk.key and any(column.person for column in contract.columns):
        known += [key_mark(desk.key)]
    return hashlib.sha256(repr(known).encode()).hexdigest()
