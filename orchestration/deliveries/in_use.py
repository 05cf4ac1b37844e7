"""What dbt has to know of the deliveries beside their rows: which stand, and what codes mean."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.contract import case_systems
from orchestration.contract.extracts import EXTRACTS, Extract
from orchestration.contract.formats import FORMATS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.ledger.ledger import Receipt
from orchestration.deliveries.messages import CODES, finding
from orchestration.deliveries.readers.joining import PERSONS
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.window import Delivered, window
from orchestration.deliveries.sources.manifest import Stated, stated
from orchestration.reference.calendar import month_end

ACCEPTED_DELIVERIES = {
    "extract_name": ("varchar", "Name of the extract; for a column whose codes only the code "
                     "maps explain, `ref_code_maps for <extract>.<column>`."),
    "delivery_month": ("date", "Last day of the month of an accepted delivery; empty where none "
                       "was ever accepted."),
    "as_at": ("date", "Last day that its rows cover; empty for reference data, which hold until "
              "they are replaced."),
    "data_from": ("date", "Day from which the extract is complete, as was said or as its rows "
                  "show; empty where it has no window."),
    "is_newest": ("boolean", "True for the newest accepted delivery of the extract."),
    "refused_code": ("varchar", "Why the last file of the extract was refused, if it was."),
    "received_at": ("timestamp", "When the delivery was received, UTC."),
    "origin": ("varchar", "Format of the return that the extract was made of; empty where the "
               "extract itself was delivered."),
}  # fmt: skip
STANDARD_CODES = {
    "extract_name": ("varchar", "Name of the extract."),
    "column_name": ("varchar", "Name of its column."),
    "source_value": ("varchar", "The council's own code, in small letters."),
    "standard_value": ("varchar", "The code of the contract that it stands for."),
}


RETURNS_IN_USE = {
    "extract_name": ("varchar", "Name of an extract that was made of a return."),
    "indicator_id": ("varchar", "Id of the indicator; empty for all that are not named."),
    "why_not": ("varchar", "Why the return must not be used for it; empty where it gives it."),
    "is_of_last_day": ("boolean", "True where the return gives it for its last day alone."),
}  # fmt: skip

_Ranked = tuple[tuple[str, bool, str], date, Stated | None, Receipt]
Delivery = tuple[
    *(str, date | None, date | None, date | None, bool, str | None, datetime | None, str | None)
]


@dataclass(frozen=True)
class InUse:
    """The two files, and how many rows they hold."""

    accepted_deliveries: Path
    deliveries: int
    standard_codes: Path
    codes: int
    returns_in_use: Path
    returns: int


class NothingAcceptedError(RuntimeError):
    """Nothing was ever accepted, so that there is nothing to build; the message has the usual
    form."""


def require_something(paths: Paths) -> None:
    """Raises `NothingAcceptedError` where no delivery was ever accepted, and `LedgerError`."""
    if not any(each.outcome == "accepted" for each in ledger.read_receipts(paths)):
        told = finding("NOTHING-ACCEPTED").placed(
            "the drop folder", "nothing is built and nothing published"
        )
        raise NothingAcceptedError(str(told))


def write_in_use(paths: Paths) -> InUse:
    """Write `raw/accepted_deliveries/`, `raw/standard_codes/` and `raw/returns_in_use/` from the
    ledger and the archive.

    Every extract of the contract also gets its file without rows, so that each can be read.
    Raises `LedgerError`, `OSError` and `duckdb.Error`.
    """
    archive.ensure_empty(EXTRACTS.values(), paths)
    receipts = ledger.by_extract(paths)
    with duckdb.connect(":memory:") as connection:
        codes = _standard_codes(connection, paths, receipts)
        deliveries = _accepted_deliveries(connection, paths, receipts, codes)
        gives = [*_returns_in_use(deliveries)]
        written = []
        for name, columns, rows in (
            ("accepted_deliveries", ACCEPTED_DELIVERIES, deliveries),
            ("standard_codes", STANDARD_CODES, codes),
            ("returns_in_use", RETURNS_IN_USE, gives),
        ):
            target = paths.raw / name / f"{name}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            types = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
            connection.execute(f"create or replace table {name} ({types})")
            if rows:
                marks = ", ".join("?" for _ in columns)
                connection.executemany(f"insert into {name} values ({marks})", rows)
            archive.write_parquet(connection, f"select * from {name} order by all", target, "")
            written.append(target)
    return InUse(written[0], len(deliveries), written[1], len(codes), written[2], len(gives))


def _returns_in_use(
    deliveries: Iterable[Delivery],
) -> Iterator[tuple[str, str | None, str | None, bool]]:
    """For each extract that stands as it was made of a return, what the return gives. Persons are
    left out: they are in every return, and nothing is counted by them alone."""
    for extract, _, _, _, is_newest, _, _, origin in deliveries:
        if not origin or not is_newest or extract == PERSONS:
            continue
        given = FORMATS[origin]
        for indicator_id in given.gives or ():
            yield extract, indicator_id, None, indicator_id in given.of_last_day
        for indicator_id in given.without:
            yield extract, indicator_id, given.why_not(indicator_id), False
        yield extract, None, None if given.gives is None else given.why_not(""), False


def _standard_codes(
    connection: duckdb.DuckDBPyConnection, paths: Paths, receipts: dict[str, list[Receipt]]
) -> list[tuple[str, str, str, str]]:
    """The newest code maps as far as the contract knows their columns and codes, and for what they
    leave open the words that case systems are known to write."""
    newest = ledger.last_accepted(receipts.get("ref_code_maps", ()))
    if newest is None:
        return [(*key, code) for key, code in case_systems.CODES.items()]
    known = {
        (extract.name, column.name, code.lower()): code
        for extract in EXTRACTS.values()
        for column in extract.columns
        for code in column.allowed
        if column.type == "code"
    }
    rows = connection.execute(
        """
        select lower("column"), lower(source_value), lower(min(standard_value))
        from read_parquet($file) where source_value is not null group by all order by all
        """,
        {"file": archive.readable(paths.raw_file("ref_code_maps", newest.delivery_month))},
    ).fetchall()
    found = dict(case_systems.CODES)
    for place, source, standard in rows:
        extract, _, column = place.partition(".")
        if (extract, column, standard) in known:
            found[extract, column, source] = known[extract, column, standard]
    return [(*key, code) for key, code in found.items()]


def _accepted_deliveries(
    connection: duckdb.DuckDBPyConnection,
    paths: Paths,
    receipts: dict[str, list[Receipt]],
    codes: Iterable[Sequence[str]],
) -> list[Delivery]:
    """A row for each accepted delivery, and one for each extract that has none."""
    manifests: dict[str, dict[str, Stated]] = {}
    found: list[Delivery] = []
    for extract in EXTRACTS.values():
        own = receipts.get(extract.name, [])
        refused = _refused_code(own)
        rows: list[_Ranked] = []
        for receipt in ledger.last_of_each_month(own):
            month = receipt.delivery_month
            if not paths.raw_file(extract.name, month).exists():
                continue
            if month not in manifests:
                manifests[month] = dict(stated(connection, paths, month))
            said = None if receipt.origin else manifests[month].get(extract.name)
            as_at = said.as_at if said else month_end(month)
            if receipt.as_at:
                as_at = date.fromisoformat(receipt.as_at)
            covered = "" if extract.class_ == "reference" else as_at.isoformat()
            rows.append((ledger.order(covered, receipt.codes, month), as_at, said, receipt))
        if not rows:
            found.append((extract.name, None, None, None, True, refused, None, None))
        newest = max(rows, key=lambda row: row[0], default=None)
        for row in _each_day_once(extract, rows):
            _, as_at, said, receipt = row
            found.append(
                (
                    extract.name,
                    month_end(receipt.delivery_month),
                    None if extract.class_ == "reference" else as_at,
                    _data_from(connection, paths, extract, receipt, as_at, said),
                    row is newest,
                    refused,
                    _utc(ledger.received_since(receipt, own)),
                    receipt.origin or None,
                )
            )
        files = [paths.empty_file(extract.name)]
        if newest:
            files.append(paths.raw_file(extract.name, newest[3].delivery_month))
        is_made = newest is not None and newest[3].origin != ""
        rows_in_use = archive.rows_of(*files)
        found += _explained_by_maps(connection, extract, rows_in_use, codes, is_made)
    return found


def _each_day_once(extract: Extract, rows: Sequence[_Ranked]) -> Sequence[_Ranked]:
    """Of a dateless extract the one delivery that speaks for each last day; of others all."""
    if extract.history == "own":
        return rows
    return list({row[1]: row for row in sorted(rows, key=lambda row: row[0])}.values())


def _data_from(
    connection: duckdb.DuckDBPyConnection,
    paths: Paths,
    extract: Extract,
    receipt: Receipt,
    as_at: date,
    said: Stated | None,
) -> date | None:
    """What the receipt says; an old one does not, so that it is worked out again."""
    if receipt.data_from:
        return date.fromisoformat(receipt.data_from)
    files = paths.empty_file(extract.name), paths.raw_file(extract.name, receipt.delivery_month)
    delivered = Delivered(extract, f"({archive.rows_of(*files)})", as_at)
    return window(connection, delivered, said.data_from if said else None).data_from


def _explained_by_maps(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    rows: str,
    codes: Iterable[Sequence[str]],
    is_made: bool,
) -> list[Delivery]:
    """Whether the code maps say anything of the columns that mean nothing without them.

    The council's own do; the words of case systems do where its `rows` hold one that stands for
    the first of the codes, which is what figures look for, and where rows were made of a return
    (`is_made`) that code itself.
    """
    found: list[Delivery] = []
    for column in extract.columns:
        if not column.by_map_only:
            continue
        told = [
            (word, code)
            for name, place, word, code in codes
            if (name, place) == (extract.name, column.name)
        ]
        shipped = case_systems.CODES
        is_own = any(shipped.get((extract.name, column.name, word)) != code for word, code in told)
        sought = [word for word, code in told if code == column.allowed[0]]
        if is_made:
            # a return's rows are written in the contract's own codes
            sought.append(column.allowed[0].lower())
        query = f'select count(*) from ({rows}) where list_contains($words, lower("{column.name}"))'
        explained = is_own or archive.one_row(connection, query, {"words": sought})[0] > 0
        name = f"ref_code_maps for {extract.name}.{column.name}"
        found.append((name, date.max if explained else None, None, None, True, None, None, None))
    return found


def _utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None)


def _refused_code(receipts: Sequence[Receipt]) -> str | None:
    """The code for which the newest file was refused; None where it was not."""
    last = next((each for each in reversed(receipts) if each.outcome != "missing"), None)
    if last is None or last.outcome != "refused":
        return None
    return next((c for c in last.codes.split() if CODES[c].outcome == "refuse"), None)
