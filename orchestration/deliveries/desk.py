"""What the files of one delivery have in common while they are checked in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from orchestration.catalogue.indicators import Indicator
from orchestration.contract.extracts import Extract
from orchestration.deliveries.gate.gate import Gate, is_named_as_copy
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.other_councils import OtherCouncil
from orchestration.deliveries.rows.window import Cut
from orchestration.deliveries.rows.workshop import Delivery, Rows, Workshop
from orchestration.deliveries.sources.manifest import Stated
from orchestration.reference.geographies import Geographies


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
    `cuts_by_start` is for each extract how those of its case system were cut by the start of their
    rows, as they show when all are judged;
    `released` are the SHA-256 of files whose number of rows is known to be right; `others` are the
    other councils of the pool by code.
    """

    month: str
    catalogue: Mapping[str, Indicator]
    geographies: Geographies
    paths: Paths
    received_at: datetime
    max_bytes: int
    key: bytes | None
    receipts: dict[str, list[Receipt]]
    workshop: Workshop
    manifest: Mapping[str, Stated]
    cases: dict[str, Case]
    released: Collection[str]
    others: Mapping[str, OtherCouncil]
    cuts_by_start: Mapping[str, Cut] = field(default_factory=dict)

    def receipts_of(self, contract: Extract) -> list[Receipt]:
        return self.receipts.get(contract.name, [])

    def safe_name(self, contract: Extract, file: Path) -> str:
        """The month and the contract's file name; never another name, which could be a child's."""
        expected = contract.file_name
        known = file.name.casefold() == expected or is_named_as_copy(file, contract)
        name = expected if known else "(a file of another name)"
        origin = contract.name in self.manifest and self.manifest[contract.name].origin
        return f"{self.month}/{name}" + (f" from {origin}" if origin else "")
