"""Read, type and judge the rows of a file that passed the gate, and store them."""

import calendar
import shutil
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.catalogue import Indicator
from orchestration.deliveries import archive
from orchestration.deliveries.contract import Extract
from orchestration.deliveries.gate import Gate
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.reader import read_strictly
from orchestration.deliveries.row_rules import Rule, check_query, remarks, rules

_SCRATCH = ".check-in-"


class RowsUnaccountedError(RuntimeError):
    """Rows loaded, quarantined and repeated do not add up to the rows of the file."""


@dataclass(frozen=True)
class Delivery:
    """What is being checked in, and against which known codes."""

    file: Path
    month: str
    contract: Extract
    catalogue: Mapping[str, Indicator]
    geographies: Collection[str]
    paths: Paths

    @property
    def month_end(self) -> date:
        year, number = int(self.month[:4]), int(self.month[5:])
        return date(year, number, calendar.monthrange(year, number)[1])

    @property
    def raw_file(self) -> Path:
        return self.paths.raw_file(self.contract.name, self.month)

    @property
    def quarantine_file(self) -> Path:
        return self.paths.quarantine_file(self.contract.name, self.month)


@dataclass(frozen=True)
class Rows:
    """Counts of the file's rows, and what the row rules found."""

    in_file: int = 0
    loaded: int = 0
    quarantined: int = 0
    duplicates: int = 0
    stood_in: int = 0
    findings: tuple[Finding, ...] = ()


def load(delivery: Delivery, gate: Gate) -> Rows:
    """Write the good rows to raw and the faulty ones to quarantine, or set all of them aside.

    Where too many rows are faulty (or the readers disagree) the findings refuse the file and its
    raw file stays as it was. Raises `RowsUnaccountedError`, and `duckdb.Error`, whose text must
    not be shown.
    """
    quarantine = delivery.paths.quarantine
    _remove_leftovers(quarantine)
    with (
        tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=quarantine) as folder,
        archive.connect(Path(folder)) as connection,
    ):
        if not read_strictly(connection, gate, Path(folder)):
            return Rows(findings=(finding("READER-DISAGREES"),))
        _make_references(connection, delivery)
        query = check_query(delivery.contract, delivery.month_end)
        connection.execute(f"create table checked as {query}")
        rows = _judge(connection, delivery, len(gate.lines))
        if rows.quarantined > max(5, rows.in_file / 100) or rows.loaded == 0 < rows.in_file:
            # A held file loads nothing: its good rows are set aside with the faulty ones.
            held = finding("TOO-MANY-BAD-ROWS", count=rows.quarantined)
            _write_quarantine(connection, delivery, gate.sha256, "copy_no = 1 or faults <> ''")
            return replace(
                rows,
                loaded=0,
                quarantined=rows.quarantined + rows.loaded,
                findings=(held, *rows.findings),
            )
        _write_quarantine(connection, delivery, gate.sha256, "faults <> ''")
        stood_in = _write_raw(connection, delivery, gate.sha256, stand_in=rows.quarantined > 0)
        return replace(rows, stood_in=stood_in)


def _make_references(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    known = list(delivery.catalogue.values())
    connection.execute(
        """
        create table ref_indicator as
        select unnest($code::varchar[]) as code, unnest($unit::varchar[]) as unit,
            unnest($time_basis::varchar[]) as time_basis,
            unnest($year_basis::varchar[]) as year_basis
        """,
        {
            "code": list(delivery.catalogue),
            "unit": [indicator.unit for indicator in known],
            "time_basis": [indicator.time_basis for indicator in known],
            "year_basis": [indicator.year_basis for indicator in known],
        },
    )
    connection.execute(
        "create table ref_geography as select unnest($code::varchar[]) as code",
        {"code": sorted(set(delivery.geographies))},
    )


def _judge(connection: duckdb.DuckDBPyConnection, delivery: Delivery, in_file: int) -> Rows:
    """Count the rows by what becomes of them, and say what was found in them."""
    loaded, quarantined, duplicates = _one(
        connection,
        """
        select
            count(*) filter (where faults = '' and copy_no = 1),
            count(*) filter (where faults <> ''),
            count(*) filter (where faults = '' and copy_no > 1)
        from checked
        """,
    )
    if in_file != loaded + quarantined + duplicates:
        raise RowsUnaccountedError
    findings = (*_remarks(connection, delivery.contract), *_row_findings(connection, delivery))
    return Rows(in_file, loaded, quarantined, duplicates, findings=findings)


def _row_findings(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> list[Finding]:
    broken = connection.execute(
        """
        select number, min(line_no), count(*)
        from (
            select line_no, cast(unnest(string_split(faults, ' ')) as integer) as number
            from checked where faults <> ''
            union all
            select line_no, -1 from checked where faults = '' and copy_no > 1
        )
        group by number order by min(line_no), number
        """
    ).fetchall()
    # The repeated rows' -1 is the last of the list.
    listed = [*rules(delivery.contract, delivery.month_end), Rule("ROW-DUPLICATE", None, "")]
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


def _remarks(connection: duckdb.DuckDBPyConnection, contract: Extract) -> list[Finding]:
    listed = remarks(contract)
    counted = ", ".join(
        f"min(line_no) filter (where {rule.broken_when}), count_if({rule.broken_when})"
        for rule in listed
    )
    found = _one(connection, f"select {counted} from delivered") if listed else ()
    return [
        finding(rule.code, line=line, column=rule.column, count=count)
        for rule, line, count in zip(listed, found[::2], found[1::2], strict=True)
        if count
    ]


def _write_quarantine(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    sha256: str,
    which: str,
) -> None:
    """Set rows aside as delivered, with their codes; no file where there are none."""
    if _one(connection, f"select count(*) from checked where {which}") == (0,):
        delivery.quarantine_file.unlink(missing_ok=True)
        return
    names = ", ".join(f"delivered.{name}" for name in delivery.contract.column_names)
    codes = [rule.code for rule in rules(delivery.contract, delivery.month_end)]
    named = f"lambda number: ({codes})[cast(number as integer) + 1]"
    query = f"""
        select
            checked.line_no,
            case when faults = '' then ['TOO-MANY-BAD-ROWS'] else
                list_transform(string_split(faults, ' '), {named})
            end as codes,
            {names}
        from checked join delivered using (line_no) where {which} order by line_no
    """
    archive.write_parquet(connection, query, delivery.quarantine_file, sha256, restricted=True)


def _write_raw(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, sha256: str, *, stand_in: bool
) -> int:
    """Replace the accepted rows of the month; the number of rows that stand in from before."""
    contract, target = delivery.contract, delivery.raw_file
    names, key = ", ".join(contract.column_names), ", ".join(contract.key)
    connection.execute(
        f"""
        create table accepted as
        select {names}, date '{delivery.month_end}' as delivery_month, line_no
        from checked where faults = '' and copy_no = 1
        """
    )
    stood_in = 0
    if stand_in and contract.last_rows_stand_in and target.exists():
        known = "".join(
            f" and {column.name} in (select code from ref_{column.reference})"
            for column in contract.columns
            if column.reference
        )
        earlier = [delivery.paths.empty_file(contract.name), target]
        (stood_in,) = _one(
            connection,
            f"""
            insert into accepted by name
            select {names}, delivery_month
            from read_parquet($files, union_by_name = true)
            where ({key}) not in (select ({key}) from accepted){known}
            """,
            {"files": [archive.readable(file) for file in earlier]},
        )
    columns = ", ".join(archive.archive_columns(contract))
    archive.write_parquet(
        connection, f"select {columns} from accepted order by {key}", target, sha256=sha256
    )
    return stood_in


def _one(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None
) -> tuple[Any, ...]:
    """The single row that `query` gives; for an insert, the number of rows."""
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row


def _remove_leftovers(quarantine: Path) -> None:
    """Remove working folders of check-ins that were killed; a living one is minutes old."""
    for folder in quarantine.glob(f"{_SCRATCH}*"):
        if time.time() - folder.stat().st_mtime > 3600:
            shutil.rmtree(folder, ignore_errors=True)
