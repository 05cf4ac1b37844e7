"""What dbt has to know of the deliveries beside their rows: which stand, and what codes mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.deliveries import archive, case_systems, ledger
from orchestration.deliveries.contract import EXTRACTS, Extract
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import Receipt
from orchestration.deliveries.loading import month_end
from orchestration.deliveries.manifest import Stated, stated
from orchestration.deliveries.messages import CODES

ACCEPTED_DELIVERIES = {
    "extract_name": ("varchar", "Name of the extract; for a column whose codes only the code "
                     "maps explain, `ref_code_maps for <extract>.<column>`."),
    "delivery_month": ("date", "Last day of the month of an accepted delivery; empty where none "
                       "was ever accepted."),
    "as_at": ("date", "Last day that its rows cover; empty for reference data, which hold until "
              "they are replaced."),
    "timeframe_years": ("bigint", "How many years back the extract goes, where its manifest says."),
    "is_newest": ("boolean", "True for the newest accepted delivery of the extract."),
    "refused_code": ("varchar", "Why the last file of the extract was refused, if it was."),
    "received_at": ("timestamp", "When the delivery was received, UTC."),
}  # fmt: skip
STANDARD_CODES = {
    "extract_name": ("varchar", "Name of the extract."),
    "column_name": ("varchar", "Name of its column."),
    "source_value": ("varchar", "The council's own code, in small letters."),
    "standard_value": ("varchar", "The code of the contract that it stands for."),
}


Delivery = tuple[str, date | None, date | None, int | None, bool, str | None, datetime | None]


@dataclass(frozen=True)
class InUse:
    """The two files, and how many rows they hold."""

    accepted_deliveries: Path
    deliveries: int
    standard_codes: Path
    codes: int


def write_in_use(paths: Paths) -> InUse:
    """Write `raw/accepted_deliveries/` and `raw/standard_codes/` from the ledger and the archive.

    Every extract of the contract also gets its file without rows, so that each can be read.
    Raises `LedgerError`, `OSError` and `duckdb.Error`.
    """
    archive.ensure_empty(EXTRACTS.values(), paths)
    receipts: dict[str, list[Receipt]] = {}
    for receipt in ledger.read_receipts(paths):
        receipts.setdefault(receipt.extract, []).append(receipt)
    with duckdb.connect(":memory:") as connection:
        codes = _standard_codes(connection, paths, receipts)
        deliveries = _accepted_deliveries(connection, paths, receipts, codes)
        written = []
        for name, columns, rows in (
            ("accepted_deliveries", ACCEPTED_DELIVERIES, deliveries),
            ("standard_codes", STANDARD_CODES, codes),
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
    return InUse(written[0], len(deliveries), written[1], len(codes))


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
        received = {
            receipt.delivery_month: _utc(receipt.received_at)
            for receipt in own
            if receipt.outcome == "accepted"
            and paths.raw_file(extract.name, receipt.delivery_month).exists()
        }
        months = sorted(received)
        refused = _refused_code(own)
        if not months:
            found.append((extract.name, None, None, None, True, refused, None))
        for month in months:
            if month not in manifests:
                manifests[month] = dict(stated(connection, paths, month))
            said = manifests[month].get(extract.name)
            as_at = said.as_at if said else month_end(month)
            row = (
                extract.name,
                month_end(month),
                None if extract.class_ == "reference" else as_at,
                said.timeframe_years if said else None,
                month == months[-1],
                refused,
                received[month],
            )
            found.append(row)
        found += _explained_by_maps(extract, codes)
    return found


def _explained_by_maps(extract: Extract, codes: Iterable[Sequence[str]]) -> list[Delivery]:
    """Whether the code maps say anything of the columns that mean nothing without them."""
    mapped = {(name, column) for name, column, *_ in codes}
    return [
        (
            f"ref_code_maps for {extract.name}.{column.name}",
            date.max if (extract.name, column.name) in mapped else None,
            None,
            None,
            True,
            None,
            None,
        )
        for column in extract.columns
        if column.by_map_only
    ]


def _utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None)


def _refused_code(receipts: Sequence[Receipt]) -> str | None:
    """The code for which the newest file was refused; None where it was not."""
    last = next((each for each in reversed(receipts) if each.outcome != "missing"), None)
    if last is None or last.outcome != "refused":
        return None
    return next((c for c in last.codes.split() if CODES[c].outcome == "refuse"), None)
