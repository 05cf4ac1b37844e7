"""Returns in the drop folder turned into extracts, for the check-in to take like any other file."""

import csv
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.contract.formats import FORMATS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import CODES, Finding, finding
from orchestration.deliveries.readers.joining import Part, joined
from orchestration.deliveries.readers.reading import Reading, Span, UnreadableError
from orchestration.deliveries.rows.pseudonym import pseudonym
from orchestration.deliveries.sources.folder import delivered_file
from orchestration.deliveries.sources.manifest import Stated
from orchestration.deliveries.sources.returns import Return, month_of, returns
from orchestration.reference.calendar import month_end

_A_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Converted:
    """An extract made of returns: its file, and what a manifest would say of it."""

    file: Path
    said: Stated


@dataclass(frozen=True)
class Conversion:
    """Month -> extract -> what was made for it, and a receipt for each file of a return that has
    none yet, or another one."""

    extracts: Mapping[str, Mapping[str, Converted]] = field(default_factory=dict)
    receipts: Sequence[Receipt] = ()

    def said(self, month: str) -> dict[str, Stated]:
        """What the manifest of `month` would say of the extracts that were made."""
        return {name: each.said for name, each in self.extracts.get(month, {}).items()}


@dataclass(frozen=True)
class _Read:
    source: Return
    month: str
    reading: Reading | None
    findings: tuple[Finding, ...]


def convert(
    paths: Paths,
    months: Collection[str],
    extracts: Collection[Extract],
    known: Mapping[str, Sequence[Receipt]],
    received_at: str,
    own_codes: Collection[str],
    key: bytes | None,
    folder: Path,
) -> Conversion:
    """Read the returns of `months` (YYYY-MM), and those of earlier months that they go on from.

    A month's own extracts win over its returns. `known` are the receipts so far; `own_codes` the
    codes and the number of the council whose rows these are, empty where that is not known.
    What a return has no number for is known by a hash of the child and the day: with `key`, so that
    nobody finds a child by trying. Files are made in `folder`, which the caller removes. Raises
    `OSError`.
    """
    today = date.fromisoformat(received_at[:10])
    found = [(each, month_of(paths, each, today)) for each in returns(paths.incoming, today)]
    wanted = [month for month in sorted(months) if any(of == month for _, of in found)]
    if not wanted:
        return Conversion()
    read = [_read(each, month, own_codes) for each, month in found if month <= wanted[-1]]
    made = {}
    unused: dict[int, set[str]] = {}
    for month in wanted:
        own = {
            each.name for each in extracts if delivered_file(paths.incoming, month, each).exists()
        }
        for each in read:
            if each.month == month and each.reading:
                unused[id(each)] = own & {*each.reading.tables}
        made[month] = _made(
            [each.reading for each in read if each.month <= month and each.reading],
            [each.source.format.name for each in read if each.month <= month and each.reading],
            [each for each in extracts if each.name not in own],
            key,
            folder / month,
        )
    receipts = [
        receipt
        for each in read
        if each.month in wanted
        for receipt in _receipts(each, unused.get(id(each), set()), received_at)
        if not _is_known(receipt, known.get(receipt.extract, ()))
    ]
    return Conversion(made, receipts)


def _read(source: Return, month: str, own_codes: Collection[str]) -> _Read:
    try:
        reading = source.format.read(source.files)
    except UnreadableError as error:
        return _Read(source, month, None, (error.finding,))
    if reading.council and own_codes and reading.council not in own_codes:
        return _Read(source, month, None, (finding("RETURN-COUNCIL"),))
    is_own_format = FORMATS[source.format.name].gives is not None
    if is_own_format:
        reading = _without_empty(reading)
    # a file of extracts in no month's folder may have been drawn within its month
    ends_known = source.month or is_own_format
    covers = {
        name: _of_month(span, month) if ends_known else span
        for name, span in reading.covers.items()
    }
    return _Read(source, month, replace(reading, covers=covers), tuple(reading.remarks))


def _without_empty(reading: Reading) -> Reading:
    """Without tables that have no row and may not be empty: the return says nothing of them."""
    empty = {
        name
        for name, rows in reading.tables.items()
        if rows.empty and not EXTRACTS[name].may_be_empty
    }
    if not empty:
        return reading
    what = f"no row for {', '.join(sorted(empty))}; nothing is taken from it"
    return replace(
        reading,
        tables={name: rows for name, rows in reading.tables.items() if name not in empty},
        covers={name: span for name, span in reading.covers.items() if name not in empty},
        remarks=(*reading.remarks, finding("RETURN-PART", what=what)),
    )


def _of_month(span: Span, month: str) -> Span:
    """To its last day, where the return was delivered for that day or later and the newest event in
    it is no more than a month older: at the end of a year nothing need happen for some days."""
    if span.until and span.until <= month_end(month) and span.until - span.as_at < _A_MONTH:
        return replace(span, as_at=span.until)
    return span


def _made(
    readings: Sequence[Reading],
    formats: Sequence[str],
    extracts: Sequence[Extract],
    key: bytes | None,
    folder: Path,
) -> dict[str, Converted]:
    made = {}
    for extract in extracts:
        parts = [
            Part(each.tables[extract.name], each.covers[extract.name], name)
            for each, name in zip(readings, formats, strict=True)
            if extract.name in each.tables
        ]
        if not parts:
            continue
        whole = joined(extract, parts)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / extract.file_name
        columns = [name for name in extract.column_names if name in whole.rows]
        rows = whole.rows[columns]
        if key and FORMATS[whole.format].gives is not None:
            rows = _keyed(extract, rows, key)
        rows.to_csv(file, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        span = whole.span
        said = Stated(span.as_at, len(whole.rows), digest, None, span.data_from, "", whole.format)
        made[extract.name] = Converted(file, said)
    return made


def _keyed(extract: Extract, rows: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """With a keyed hash for each number that is not a person's: persons get theirs at check-in."""
    numbers = [
        each.name
        for each in extract.columns
        if each.type == "string" and each.name.endswith("_id") and not each.person
        if each.name in rows
    ]
    words = {each for name in numbers for each in rows[name]} - {""}
    hashes = {"": ""} | {each: pseudonym(key, each) for each in words}
    return rows.assign(**{name: rows[name].map(hashes) for name in numbers})


def _receipts(read: _Read, unused: Collection[str], received_at: str) -> list[Receipt]:
    """One for each file of a return."""
    findings = [*read.findings]
    if unused:
        what = f"{CODES['RETURN-UNUSED'].what}: {', '.join(sorted(unused))}"
        findings.append(finding("RETURN-UNUSED", what=what))
    tables = read.reading.tables.values() if read.reading else ()
    rows = sum(map(len, tables))
    meanwhile = "what it gives is used" if read.reading else "nothing of this return is used"
    title = FORMATS[read.source.format.name].title
    as_at = (
        max((each.as_at for each in read.reading.covers.values()), default=None)
        if (read.reading)
        else None
    )
    found = []
    for file, digest in read.source.sha256().items():
        status = file.stat()
        placed = [
            each.placed(f"{read.source.places[file]} ({title})", meanwhile) for each in findings
        ]
        found.append(
            Receipt(
                extract=read.source.format.name,
                delivery_month=read.month,
                file=f"{read.source.places[file]} ({title})",
                sha256=digest,
                bytes=status.st_size,
                mtime_ns=status.st_mtime_ns,
                rules_sha256="",
                rows_in_file=rows,
                loaded=rows,
                quarantined=0,
                duplicates=0,
                stood_in=0,
                outcome="accepted" if read.reading else "refused",
                codes=" ".join(dict.fromkeys(each.code for each in findings)),
                findings=tuple(map(str, placed)),
                received_at=received_at,
                stands_in=None,
                as_at=as_at.isoformat() if as_at else "",
            )
        )
    return found


def _is_known(receipt: Receipt, known: Sequence[Receipt]) -> bool:
    """Whether the newest receipt of the same bytes says the same."""
    same = (
        each
        for each in reversed(known)
        if (each.sha256, each.delivery_month) == (receipt.sha256, receipt.delivery_month)
    )
    before = next(same, None)
    return before is not None and (before.outcome, before.findings, before.mtime_ns) == (
        receipt.outcome,
        receipt.findings,
        receipt.mtime_ns,
    )
