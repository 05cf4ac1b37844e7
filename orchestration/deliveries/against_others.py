"""A file held against its manifest, the clock, and the deliveries accepted before it."""

from collections.abc import Iterable
from datetime import timedelta

from orchestration.contract.extracts import Extract
from orchestration.deliveries.desk import Desk
from orchestration.deliveries.gate.gate import Gate
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.rows.workshop import NO_DATA, Before, Delivery
from orchestration.deliveries.sources.manifest import Stated, stated
from orchestration.reference.calendar import month_end

# Two windows that move with the months differ by no more days than this.
_A_MONTH = 31
# Extracts are drawn in the first days after their month, and may cover these too.
_DRAWN_WITHIN = timedelta(days=14)
THAT_ONE = "that one stands"
"""How a finding ends where another month's delivery is used in place of the file."""


def against_manifest(gate: Gate, said: Stated | None) -> list[Finding]:
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


def against_time(
    desk: Desk, delivery: Delivery, gate: Gate, before: Receipt | None
) -> list[Finding]:
    """Whether the file comes after a newer one, from the future, or covers another month than that
    of its folder."""
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
    said = desk.manifest.get(contract.name)
    last_day = month_end(desk.month)
    is_near = said and last_day.replace(day=1) <= said.as_at <= last_day + _DRAWN_WITHIN
    if said and not said.origin and not is_near:
        found.append(finding("AS-AT-OTHER-MONTH"))
    if gate.mtime_ns > tomorrow:
        found.append(finding("AS-AT-FUTURE"))
    return found


def against_other_months(
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
    which = "this one stands" if stands else THAT_ONE
    what = f"the delivery for {first.delivery_month} covers {same}; {which}"
    return [finding("AS-AT-NOT-LATER", what=what)]


def compared_with(desk: Desk, contract: Extract, sha256: str) -> Before | None:
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
    of_data = receipt.rows_in_file - sum(receipt.counts.get(code, 0) for code in NO_DATA)
    return Before(raw_file, of_data, sha256 in desk.released)
