"""Read, type and judge the rows of files that passed the gate, and store them.

Two steps, because a row may refer to a row of any other file of its delivery: `prepare` judges a
file alone and lays its good rows aside in the workshop, `store` empties the keys that lead nowhere
and puts rows in place.
"""

import calendar
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.catalogue import Indicator
from orchestration.deliveries import archive
from orchestration.deliveries.cells import sql_names
from orchestration.deliveries.contract import Extract
from orchestration.deliveries.gate import Gate
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.pseudonym import make_macro
from orchestration.deliveries.reader import read_strictly
from orchestration.deliveries.references import (
    drop_forgotten,
    make_lives,
    make_lookups,
    make_references,
)
from orchestration.deliveries.row_rules import Rule, check_query, doubts, rules

_SCRATCH = ".check-in-"
# Of fewer rows than these no share says anything.
_FEW = 100
_GOOD = "faults = '' and copy_no = 1"


class RowsUnaccountedError(RuntimeError):
    """Rows loaded, quarantined and repeated do not add up to the rows of the file."""


@dataclass(frozen=True)
class Before:
    """The delivery of the extract accepted last: its rows, and how many its file had.

    `released` says that another number of rows is known to be right.
    """

    raw_file: Path
    rows_in_file: int
    released: bool = False


@dataclass(frozen=True)
class Delivery:
    """What is being checked in, against which known codes; `as_at` is the last day it covers.

    `before` is the delivery to compare it with, if there is one of the same reach.
    """

    file: Path
    month: str
    contract: Extract
    catalogue: Mapping[str, Indicator]
    geographies: Collection[str]
    paths: Paths
    as_at: date
    before: Before | None = None

    @property
    def raw_file(self) -> Path:
        return self.paths.raw_file(self.contract.name, self.month)

    @property
    def quarantine_file(self) -> Path:
        return self.paths.quarantine_file(self.contract.name, self.month)


@dataclass(frozen=True)
class Workshop:
    """A DuckDB connection and a restricted folder for the rows that are being judged."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    def good_rows(self, extract: str) -> Path:
        """Typed rows of `extract` that no rule sets aside, each once, with their line_no."""
        return self.folder / f"{extract}.parquet"

    def set_aside(self, extract: str) -> Path:
        """Rows for the quarantine; no file where there are none."""
        return self.folder / f"{extract}.quarantine.parquet"


@dataclass(frozen=True)
class Rows:
    """Counts of the file's rows, and what the row rules found."""

    in_file: int = 0
    loaded: int = 0
    quarantined: int = 0
    duplicates: int = 0
    stood_in: int = 0
    findings: tuple[Finding, ...] = ()


def month_end(month: str) -> date:
    """The last day of `month` (YYYY-MM)."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


@contextmanager
def open_workshop(paths: Paths, key: bytes | None) -> Iterator[Workshop]:
    """A workshop for one delivery; `key` is that of the person hashes, if any are made."""
    _remove_leftovers(paths.quarantine)
    with (
        tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=paths.quarantine) as folder,
        archive.connect(Path(folder)) as connection,
    ):
        if key:
            make_macro(connection, key)
        yield Workshop(connection, Path(folder))


def prepare(
    workshop: Workshop, delivery: Delivery, gate: Gate, lookups: Mapping[str, Sequence[Path]]
) -> Rows:
    """Judge every row of the file and lay the good and the faulty ones aside in the workshop.

    `lookups` are the accepted rows of the extracts that cells are looked up in, by name. Where
    too many rows are faulty, too many codes unknown or the readers disagree, the findings refuse
    the file and no good rows are laid aside. Raises `RowsUnaccountedError`, and `duckdb.Error`,
    whose text must not be shown.
    """
    connection, contract = workshop.connection, _as_delivered(delivery.contract, gate)
    for left in (workshop.good_rows(contract.name), workshop.set_aside(contract.name)):
        left.unlink(missing_ok=True)
    if not read_strictly(connection, gate, workshop.folder):
        return Rows(findings=(finding("READER-DISAGREES"),))
    for name in contract.column_names:
        if name not in gate.columns:
            connection.execute(f'alter table delivered add column "{name}" varchar')
    dropped = drop_forgotten(connection, contract, delivery.paths.forgotten)
    make_references(connection, contract, delivery.catalogue, delivery.geographies)
    mapped = make_lookups(connection, contract, lookups)
    make_lives(connection, contract, lookups)
    query = check_query(contract, delivery.as_at, mapped)
    connection.execute(f"create or replace table checked as {query}")
    set_aside = rules(contract, delivery.as_at)
    in_file = len(gate.lines) - dropped
    rows = _judge(connection, set_aside, doubts(contract, mapped), in_file)
    held = _held(rows) or _other_volume(delivery, rows)
    if rows.quarantined or held:
        _lay_aside(workshop, contract, [rule.code for rule in set_aside], held, gate.sha256)
    if dropped:
        forgotten = finding("PERSON-FORGOTTEN", count=dropped)
        rows = replace(
            rows,
            in_file=rows.in_file + dropped,
            quarantined=rows.quarantined + dropped,
            findings=(*rows.findings, forgotten),
        )
    if held:
        # A held file loads nothing: its good rows are set aside with the faulty ones.
        return replace(
            rows,
            loaded=0,
            quarantined=rows.quarantined + rows.loaded,
            findings=(held, *rows.findings),
        )
    names = sql_names(column.name for column in contract.stored_columns)
    query = f"select {names}, line_no from checked where {_GOOD}"
    archive.write_parquet(connection, query, workshop.good_rows(contract.name), gate.sha256)
    return rows


def store(
    workshop: Workshop,
    delivery: Delivery,
    rows: Rows,
    sha256: str,
    parents: Mapping[str, Sequence[Path]],
) -> Rows:
    """Put the prepared rows in place: good ones in raw, faulty ones in the quarantine.

    `parents` are the accepted rows of the extracts that rows refer to, by name; a key that is not
    there is emptied, unless it is the row's own [G9]. A held file leaves raw as it was.
    """
    contract, connection = delivery.contract, workshop.connection
    good, faulty = workshop.good_rows(contract.name), workshop.set_aside(contract.name)
    if faulty.exists():
        target = delivery.quarantine_file
        archive.write_parquet(connection, archive.rows_of(faulty), target, sha256)
    else:
        delivery.quarantine_file.unlink(missing_ok=True)
    if not good.exists():
        return rows
    orphans = _orphans(contract, {**parents, contract.name: [good]})
    told = [
        Rule("FK-ORPHAN", column.name, orphans[column.name])
        for column in contract.columns
        if column.name in orphans and not column.may_be_unknown
    ]
    findings = [
        *_counted(connection, f"({archive.rows_of(good)})", told),
        *_overlaps(connection, contract, good),
        *_gone(connection, delivery, good),
    ]
    cells = ", ".join(
        f'case when not ({orphans[name]}) then "{name}" end as "{name}"'
        if name in orphans and name not in contract.key
        else f'"{name}"'
        for name in (column.name for column in contract.stored_columns)
    )
    connection.execute(
        f"""
        create or replace table accepted as
        select {cells}, date '{month_end(delivery.month)}' as delivery_month, line_no
        from ({archive.rows_of(good)})
        """
    )
    stood_in = 0
    if rows.quarantined and contract.last_rows_stand_in and delivery.raw_file.exists():
        stood_in = _let_stand_in(connection, delivery)
    columns = sql_names(archive.archive_columns(contract))
    ordered = f"select {columns} from accepted order by {sql_names(contract.key)}"
    archive.write_parquet(connection, ordered, delivery.raw_file, sha256)
    return replace(rows, stood_in=stood_in, findings=(*rows.findings, *findings))


def _as_delivered(contract: Extract, gate: Gate) -> Extract:
    """The contract without the demand to fill a column that the file lacks altogether."""
    return replace(
        contract,
        columns=tuple(
            column if column.name in gate.columns else replace(column, required=False)
            for column in contract.columns
        ),
    )


def _judge(
    connection: duckdb.DuckDBPyConnection,
    set_aside: Sequence[Rule],
    let_in: Sequence[Rule],
    in_file: int,
) -> Rows:
    """Count the rows by what becomes of them, and say what was found in them."""
    loaded, quarantined, duplicates, doubted = archive.one_row(
        connection,
        """
        select
            count(*) filter (where faults = '' and copy_no = 1),
            count(*) filter (where faults <> ''),
            count(*) filter (where faults = '' and copy_no > 1),
            count(*) filter (where doubts <> '')
        from checked
        """,
    )
    if in_file != loaded + quarantined + duplicates:
        raise RowsUnaccountedError
    doubtful = "select line_no, doubts as numbers from checked where doubts <> ''"
    faulty = """
        select line_no, faults as numbers from checked where faults <> ''
        union all
        select line_no, '-1' from checked where faults = '' and copy_no > 1
    """
    findings = _numbered(connection, doubtful, let_in) if doubted else []
    if quarantined or duplicates:
        # The repeated rows' -1 is the last of the list.
        listed = [*set_aside, Rule("ROW-DUPLICATE", None, "")]
        findings += _numbered(connection, faulty, listed)
    return Rows(in_file, loaded, quarantined, duplicates, findings=tuple(findings))


def _held(rows: Rows) -> Finding | None:
    """Why the file is held back whole, if it is."""
    allowance = max(5, rows.in_file / 100)
    if rows.quarantined > allowance or rows.loaded == 0 < rows.in_file:
        return finding("TOO-MANY-BAD-ROWS", count=rows.quarantined)
    for found in rows.findings:
        if found.code == "CODE-UNKNOWN" and found.count > allowance:
            return finding(
                "CODE-UNMAPPED-HELD", line=found.line, column=found.column, count=found.count
            )
    return None


def _other_volume(delivery: Delivery, rows: Rows) -> Finding | None:
    """Whether the file has 30 % fewer or 50 % more rows than the one accepted last."""
    before = delivery.before
    if before is None or before.released or before.rows_in_file < _FEW:
        return None
    if 0.7 * before.rows_in_file <= rows.in_file <= 1.5 * before.rows_in_file:
        return None
    return finding("VOLUME-DROP")


def _overlaps(
    connection: duckdb.DuckDBPyConnection, contract: Extract, good: Path
) -> list[Finding]:
    """Rows of a child that overlap where one should follow the other."""
    child, start, end = contract.child, contract.happened_on, contract.ended_on
    if not (contract.one_at_a_time and child and start and end):
        return []
    beside = f"""(
        select line_no, {end.name} as ended, {start.name} as started,
            max(coalesce({end.name}, date '9999-12-31')) over earlier as covered_until,
            count(*) filter (where {end.name} is null) over earlier as open_before
        from ({archive.rows_of(good)})
        window earlier as (
            partition by {child.name} order by {start.name}, line_no
            rows between unbounded preceding and 1 preceding
        )
    )"""
    is_open_twice = "ended is null and open_before > 0"
    return _counted(
        connection,
        beside,
        [
            Rule("OPEN-TWICE", f"{child.name}, {end.name}", is_open_twice),
            Rule("OVERLAP", start.name, f"started < covered_until and not ({is_open_twice})"),
        ],
    )


def _gone(connection: duckdb.DuckDBPyConnection, delivery: Delivery, good: Path) -> list[Finding]:
    """People of the last delivery that this one does not know, where they are many."""
    key = {column.name: column for column in delivery.contract.columns}[delivery.contract.key[0]]
    if not (key.person and len(delivery.contract.key) == 1 and delivery.before):
        return []
    earlier = archive.rows_of(
        delivery.paths.empty_file(delivery.contract.name), delivery.before.raw_file
    )
    known, gone = archive.one_row(
        connection,
        f"""
        select count(*), count(*) filter (where {key.name} not in (
            select {key.name} from ({archive.rows_of(good)})
        ))
        from ({earlier})
        """,
    )
    if known < _FEW or gone <= 0.2 * known:
        return []
    return [finding("ID-CHURN", column=key.name, count=gone)]


def _numbered(
    connection: duckdb.DuckDBPyConnection, rows: str, listed: Sequence[Rule]
) -> list[Finding]:
    """A finding for each rule whose place in `listed` stands in `rows` (line_no, numbers)."""
    broken = connection.execute(
        f"""
        select number, min(line_no), count(*)
        from (
            select line_no, cast(unnest(string_split(numbers, ' ')) as integer) as number
            from ({rows})
        )
        group by number order by min(line_no), number
        """
    ).fetchall()
    return [
        finding(
            listed[number].code,
            line=line,
            column=listed[number].column,
            expected=listed[number].expected,
            count=count,
        )
        for number, line, count in broken
    ]


def _counted(
    connection: duckdb.DuckDBPyConnection, table: str, listed: Sequence[Rule]
) -> list[Finding]:
    """A finding for each rule of `listed` that a row of `table` breaks."""
    if not listed:
        return []
    lines = ", ".join(
        f"case when {rule.broken_when} then line_no end as broken_{place}"
        for place, rule in enumerate(listed)
    )
    counted = ", ".join(
        f"min(broken_{place}), count(broken_{place})" for place in range(len(listed))
    )
    found = archive.one_row(connection, f"select {counted} from (select {lines} from {table})")
    return [
        finding(rule.code, line=line, column=rule.column, count=count)
        for rule, line, count in zip(listed, found[::2], found[1::2], strict=True)
        if count
    ]


def _lay_aside(
    workshop: Workshop,
    contract: Extract,
    codes: Sequence[str],
    held: Finding | None,
    sha256: str,
) -> None:
    """Faulty rows as delivered, with their codes; where the file is held, the good ones too.

    A person is a hash here as well, and what is dropped is dropped.
    """
    which = f"faults <> '' or {_GOOD}" if held else "faults <> ''"
    cells = ", ".join(
        f'{"checked" if column.person or column.kept_as else "delivered"}."{stored.name}"'
        for column in contract.columns
        for stored in column.stored
    )
    named = f"lambda number: ({list(codes)})[cast(number as integer) + 1]"
    query = f"""
        select
            checked.line_no,
            case when faults = '' then ['{held.code if held else ""}'] else
                list_transform(string_split(faults, ' '), {named})
            end as codes,
            {cells}
        from checked join delivered using (line_no) where {which} order by line_no
    """
    target = workshop.set_aside(contract.name)
    archive.write_parquet(workshop.connection, query, target, sha256)


def _orphans(contract: Extract, parents: Mapping[str, Sequence[Path]]) -> dict[str, str]:
    """Column -> SQL for whether its key is not in the extract it refers to, where that has come."""
    found = {}
    for column in contract.columns:
        parent, _, name = column.refers_to.partition(".")
        if parent in parents:
            there = archive.rows_of(*parents[parent])
            known = f'select "{name}" from ({there}) where "{name}" is not null'
            found[column.name] = f'"{column.name}" is not null and "{column.name}" not in ({known})'
    return found


def _let_stand_in(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> int:
    """Add to `accepted` the rows accepted before that the new file has no good row for."""
    contract = delivery.contract
    names, key = sql_names(contract.column_names), sql_names(contract.key)
    known = "".join(
        f" and {column.name} in (select code from ref_{column.reference})"
        for column in contract.columns
        if column.reference
    )
    earlier = archive.rows_of(delivery.paths.empty_file(contract.name), delivery.raw_file)
    (count,) = archive.one_row(
        connection,
        f"""
        insert into accepted by name
        select {names}, delivery_month from ({earlier})
        where ({key}) not in (select ({key}) from accepted){known}
        """,
    )
    return int(count)


def _remove_leftovers(quarantine: Path) -> None:
    """Remove working folders of check-ins that were killed; a living one is minutes old."""
    for folder in quarantine.glob(f"{_SCRATCH}*"):
        if time.time() - folder.stat().st_mtime > 3600:
            shutil.rmtree(folder, ignore_errors=True)
