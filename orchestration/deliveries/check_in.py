"""Check in what was delivered: gate, strict read, typing, row rules, archive, receipt."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import duckdb

from orchestration.catalogue.indicators import Indicator
from orchestration.contract.extracts import Extract
from orchestration.deliveries.conversion import Conversion, convert
from orchestration.deliveries.desk import Desk
from orchestration.deliveries.gate.gate import MAX_BYTES
from orchestration.deliveries.keeping.retention import DEFAULT_RETENTION, Retention, purge
from orchestration.deliveries.layout import Paths, make_folders
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.accepted_rows import set_aside_damaged
from orchestration.deliveries.ledger.data_format import bring_up
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import CODES, finding
from orchestration.deliveries.one_file import conclude, cuts_by_start, is_outdated, judge
from orchestration.deliveries.other_councils import OtherCouncil
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.found import RowsUnaccountedError
from orchestration.deliveries.rows.pseudonym import KeyUnusableError, read_key
from orchestration.deliveries.rows.workshop import open_workshop
from orchestration.deliveries.sources.folder import delivered_file
from orchestration.deliveries.sources.manifest import stated
from orchestration.reference.calendar import is_month
from orchestration.reference.geographies import Geographies

_T = TypeVar("_T")

# What the others are checked against goes first.
_RANKS = (("manifest",), ("reference",), ("ssd", "sen", "local", "figures"))


class _LandingGoneError(RuntimeError):
    """Nothing at all lies in the drop folder, as when a share is not mounted."""


class CheckInError(RuntimeError):
    """The check-in itself failed (not the delivery); the message has the usual form."""


def check_in(
    file: Path,
    month: str,
    contract: Extract,
    catalogue: Mapping[str, Indicator],
    geographies: Geographies,
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
    memory = archive.DEFAULT_MEMORY
    known = (catalogue, geographies, paths, received_at, max_bytes, (), memory, {})
    [receipt] = _at_the_desk(
        [month],
        [contract],
        *known,
        lambda desk, place: _check_in(_of_month(desk, month), [(contract, file)], place),
    )
    return receipt


def check_in_deliveries(
    months: Iterable[str],
    contracts: Iterable[Extract],
    catalogue: Mapping[str, Indicator],
    geographies: Geographies,
    paths: Paths,
    received_at: datetime,
    *,
    max_bytes: int = MAX_BYTES,
    released: Collection[str] = (),
    own_codes: Collection[str] = (),
    retention: Retention = DEFAULT_RETENTION,
    memory: str = archive.DEFAULT_MEMORY,
    others: Mapping[str, OtherCouncil] = MappingProxyType({}),
) -> dict[str, list[Receipt]]:
    """Check in every file of `months` (YYYY-MM) that lies in the drop folder for `contracts`.

    For each month, oldest first, one receipt for each contract in their order: what became of its
    file; where there is no file, the receipt of the one accepted for the month before, or else
    one that says `missing`. Manifests and reference data of all months go first: code maps hold
    for months that came without. A file whose bytes are known is checked anew where a delivery
    that it was checked against has changed. `released` are the SHA-256 of files that are not held
    for their number of rows; `own_codes` are those of the council whose returns are taken, any
    council's where they are empty; `others` are the other councils of the pool by code, whose files
    are refused here. What is older than `retention` says goes. DuckDB takes no more
    than `memory`. Raises like `check_in`.
    """
    wanted, ordered = list(contracts), sorted(set(months))

    def done(desk: Desk, place: list[str]) -> dict[str, list[Receipt]]:
        purge(paths, desk.receipts, retention, desk.received_at)
        if not any(paths.incoming.glob("*")):
            raise _LandingGoneError
        moment = desk.received_at.isoformat()
        folder = desk.workshop.folder / "converted"
        made = convert(paths, ordered, wanted, desk.receipts, moment, own_codes, desk.key, folder)
        _write(desk, made.receipts)
        found: dict[str, dict[str, Receipt]] = {month: {} for month in ordered}
        for rank in _RANKS:
            for month in ordered:
                files = [
                    (each, _file_of(paths, month, each, made))
                    for each in wanted
                    if each.class_ in rank
                ]
                there = [(each, file) for each, file in files if os.path.lexists(file)]
                receipts = _check_in(_of_month(desk, month, made), there, place)
                found[month] |= {receipt.extract: receipt for receipt in receipts}
        for month in ordered:
            absent = [each for each in wanted if each.name not in found[month]]
            receipts = _absent(_of_month(desk, month, made), absent, place)
            found[month] |= {receipt.extract: receipt for receipt in receipts}
        return {month: [found[month][each.name] for each in wanted] for month in ordered}

    known = (catalogue, geographies, paths, received_at, max_bytes, released, memory, others)
    return _at_the_desk(ordered, wanted, *known, done)


def _at_the_desk(
    months: Sequence[str],
    contracts: Sequence[Extract],
    catalogue: Mapping[str, Indicator],
    geographies: Geographies,
    paths: Paths,
    received_at: datetime,
    max_bytes: int,
    released: Collection[str],
    memory: str,
    others: Mapping[str, OtherCouncil],
    step: Callable[[Desk, list[str]], _T],
) -> _T:
    """Open a desk for `step`; its failures are told as of the file that its list then names."""
    if not all(is_month(month) for month in months):
        raise ValueError("month must be YYYY-MM")
    if received_at.tzinfo is None:
        raise ValueError("received_at must have a time zone")
    place = [f"{month}/{contract.file_name}" for month in months for contract in contracts][:1]
    try:
        for contract in contracts:
            make_folders(paths, contract.name)
        archive.ensure_empty(contracts, paths)
        ledger.make_ledger(paths)
        bring_up(paths)
        receipts = ledger.by_extract(paths)
        set_aside_damaged(paths, receipts)
        key = _key(contracts, paths, receipts)
        with open_workshop(paths, key, memory) as workshop:
            desk = Desk(
                month="",
                catalogue=catalogue,
                geographies=geographies,
                paths=paths,
                received_at=received_at.astimezone(UTC),
                max_bytes=max_bytes,
                key=key,
                receipts=receipts,
                workshop=workshop,
                manifest={},
                cases={},
                released=released,
                others=others,
            )
            return step(desk, place)
    except RowsUnaccountedError:
        code, cause = "ROWS-UNACCOUNTED", None
    except _LandingGoneError:
        code, cause = "LANDING-GONE", None
    except KeyUnusableError:
        code, cause = "KEY-UNUSABLE", None
    except (duckdb.OutOfMemoryException, MemoryError):
        code, cause = "MEMORY-SHORT", None
    except (OSError, duckdb.Error) as error:
        code, cause = "CHECK-IN-FAILED", getattr(error, "strerror", None) or type(error).__name__
    # Raised outside the handler: DuckDB's own errors can quote rows and must not be chained.
    what = cause and f"{CODES[code].what}: {cause}"
    meanwhile = "nothing of this delivery is used; what is published stays"
    raise CheckInError(str(finding(code, what=what).placed("".join(place), meanwhile)))


def _key(
    contracts: Sequence[Extract], paths: Paths, receipts: Mapping[str, Sequence[Receipt]]
) -> bytes | None:
    """The key of the person hashes, if there are persons; a lost one is not made anew."""
    of_persons = [each for each in contracts if any(column.person for column in each.columns)]
    if not of_persons:
        return None
    in_use = any(ledger.last_accepted(receipts.get(each.name, ())) for each in of_persons)
    return read_key(paths.keys, may_make=not in_use)


def _file_of(paths: Paths, month: str, contract: Extract, made: Conversion) -> Path:
    """The file of an extract: what was delivered, or else what was made of returns."""
    delivered = delivered_file(paths.incoming, month, contract)
    converted = made.extracts.get(month, {}).get(contract.name)
    return converted.file if converted and not os.path.lexists(delivered) else delivered


def _of_month(desk: Desk, month: str, made: Conversion = Conversion()) -> Desk:  # noqa: B008
    """The desk cleared for the delivery of `month`."""
    manifest = {**stated(desk.workshop.connection, desk.paths, month), **made.said(month)}
    return replace(desk, month=month, manifest=manifest, cases={})


def _check_in(desk: Desk, files: Sequence[tuple[Extract, Path]], place: list[str]) -> list[Receipt]:
    """Judge every file by itself, then store each and write its receipt, in their order."""
    for contract, file in files:
        place[:] = [desk.safe_name(contract, file)]
        judge(desk, contract, file)
    for case in list(desk.cases.values()):
        contract, file = case.delivery.contract, case.delivery.file
        if is_outdated(desk, case):
            place[:] = [desk.safe_name(contract, file)]
            judge(desk, contract, file, anew=True)
    desk = replace(desk, cuts_by_start=cuts_by_start(desk))
    receipts = []
    for contract, file in files:
        place[:] = [desk.safe_name(contract, file)]
        receipt = conclude(desk, desk.cases[contract.name])
        receipts.append(receipt)
        if not ledger.is_told(receipt, desk.receipts_of(contract)):
            _write(desk, [receipt])
    return receipts


def _absent(desk: Desk, contracts: Sequence[Extract], place: list[str]) -> list[Receipt]:
    """The receipts of extracts without a file: known ones, or new ones in a single entry."""
    receipts, news = [], []
    for contract in contracts:
        earlier = [each for each in desk.receipts_of(contract) if each.delivery_month == desk.month]
        known = ledger.last_accepted(earlier) or next(reversed(earlier), None)
        if known is None or known.outcome == "refused":
            file = desk.paths.incoming / desk.month / contract.file_name
            place[:] = [desk.safe_name(contract, file)]
            known = conclude(desk, judge(desk, contract, file))
            news.append(known)
        receipts.append(known)
    _write(desk, news)
    return receipts


def _write(desk: Desk, receipts: Sequence[Receipt]) -> None:
    if receipts:
        ledger.append(desk.paths, *receipts)
    for receipt in receipts:
        desk.receipts.setdefault(receipt.extract, []).append(receipt)
