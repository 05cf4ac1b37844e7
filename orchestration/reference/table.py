"""One checked table: its rows typed, each key once, spans in order, and its Parquet file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from orchestration.catalogue.indicators import Indicator
from orchestration.files import put_in_place
from orchestration.reference import reader
from orchestration.reference.cells import (
    NotTyped,
    expected,
    is_day_or_month_first,
    is_month_first,
    typed,
)
from orchestration.reference.contract import Column, File
from orchestration.reference.faults import Fault

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The rows of one file that may be used, typed, each with its `row` in the file.

    `left_out` are the rows that may not be, as text. `is_whole` is False where the file is not to
    be used: then the rows are those of the last good copy. Where there is none, `is_usable` is
    False, and the rows are what can be read.
    """

    file: File
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    left_out: tuple[reader.Record, ...] = ()
    is_whole: bool = True
    is_usable: bool = True

    @property
    def is_right(self) -> bool:
        """Nothing is wrong with the file; remarks do not count."""
        return all(fault.is_remark for fault in self.faults)

    def column(self, name: str) -> list[Any]:
        """The cells of one column, row by row."""
        return [row[name] for row in self.rows]


class Known(Protocol):
    """What a rule of one file may ask of the others."""

    today: date

    @property
    def catalogue(self) -> Mapping[str, Indicator]: ...

    def table(self, name: str) -> Table: ...


def month_first(file: File, records: Collection[reader.Record]) -> list[Fault]:
    """Why none of a file's days can be used: some can only be written month first, none can only be
    written day first, and of others either may be meant."""
    names = [column.name for column in file.columns if column.type in ("date", "month")]
    cells = [(each.row, name, each.cells.get(name)) for each in records for name in names]
    told = [(row, name) for row, name, cell in cells if is_month_first(cell)]
    if not told or any(is_month_first(cell) is False for _, _, cell in cells):
        return []
    if not any(is_day_or_month_first(cell) for _, _, cell in cells):
        return []
    what = "days are written month first, and of others the same may be meant"
    do = "write every day day first or as 2026-03-31, and run again"
    return [Fault("REFERENCE-TYPE", *told[0], what, "days as 31/03/2026 or 2026-03-31", do)]


def typed_row(
    file: File, record: reader.Record, seen: dict[tuple[str, Any], Any], *, decimal_comma: bool
) -> tuple[Row, list[Fault]]:
    """The typed cells of a row and what is wrong with it; `seen` are cells that were typed."""
    row: Row = {}
    faults = list(record.faults)
    for column in file.columns if not faults else ():
        place = column.name, record.cells[column.name]
        if place not in seen:
            try:
                seen[place] = typed(column, place[1], decimal_comma=decimal_comma)
            except NotTyped:
                faults.append(_wrong(record.row, column, "not such a value"))
                continue
        row[column.name] = seen[place]
        if column.filled and row[column.name] is None:
            faults.append(_wrong(record.row, column, "empty", "REFERENCE-FILLED"))
    return row, faults


def _wrong(row: int, column: Column, found: str, code: str = "REFERENCE-TYPE") -> Fault:
    return Fault(code, row, column.name, found, expected(column))


def repeated(file: File, rows: list[Row]) -> tuple[list[Fault], list[Fault]]:
    """Rows with the key of an earlier one: the first one stands."""
    dropped = []
    for key in file.keys:
        seen: dict[tuple[Any, ...], int] = {}
        for row in rows:
            cells = tuple(row[name] for name in key)
            if cells in seen:
                dropped.append(
                    Fault(
                        "REFERENCE-REPEATED",
                        row["row"],
                        " + ".join(key),
                        f"the same as in row {seen[cells]}, which stands",
                        "each once",
                    )
                )
            else:
                seen[cells] = row["row"]
    return [], dropped


def overlapping(file: File, rows: list[Row]) -> tuple[list[Fault], list[Fault]]:
    """Spans that end before they begin, or begin before the one before has ended."""
    dropped = []
    if any(column.name == "valid_to" for column in file.columns):
        dropped += [
            Fault("REFERENCE-SPAN", row["row"], "valid_to", "before valid_from", "after it")
            for row in rows
            if row["valid_to"] and row["valid_from"] and row["valid_to"] < row["valid_from"]
        ]
    if file.span is None:
        return [], dropped
    gone = {fault.row for fault in dropped}
    before: dict[tuple[Any, ...], Row] = {}
    for row in sorted(rows, key=lambda each: each["valid_from"]):
        if row["row"] in gone:
            continue
        key = tuple(row[name] for name in file.span)
        last = before.get(key)
        if last and (last["valid_to"] is None or last["valid_to"] >= row["valid_from"]):
            dropped.append(
                Fault(
                    "REFERENCE-SPAN",
                    row["row"],
                    "valid_from",
                    f"row {last['row']} still holds on that day, and stands",
                    "the last day of the earlier row in its valid_to",
                )
            )
        else:
            before[key] = row
    return [], dropped


def held_council(council: Table) -> Table:
    """No rows' figures without bank holidays: every working day would be counted wrongly."""
    fault = Fault(
        "REFERENCE-HELD",
        None,
        None,
        "the bank holidays are not complete, and no good copy of them stands in",
        "complete bank holidays",
        "mend seeds/reference/bank_holidays.csv and run again",
    ).placed(council.file.path, council.file.without)
    return replace(council, rows=(), faults=(*council.faults, fault))


def write_table(table: Table, target: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column.name, _arrow(column)) for column in table.file.columns])
    rows = [{name: row[name] for name in schema.names} for row in table.rows]
    with put_in_place(target) as temporary:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), temporary)


def _arrow(column: Column) -> Any:
    import pyarrow as pa

    if column.type == "decimal":
        return pa.decimal128(18, column.scale)
    if column.type in ("date", "month"):
        return pa.date32()
    if column.type == "boolean":
        return pa.bool_()
    return pa.int64() if column.type == "integer" else pa.string()
