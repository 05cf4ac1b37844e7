"""The tables of an SSDA903 return in one file: CSV files in an archive, or sheets of a workbook."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.look import as_text
from orchestration.deliveries.readers.packed.archive import beginnings, members, readable
from orchestration.deliveries.readers.reading import Format, Look, Reading, UnreadableError
from orchestration.deliveries.readers.ssda903.csv_set import rows_of, table_below
from orchestration.deliveries.readers.ssda903.extracts import reading
from orchestration.deliveries.readers.ssda903.tables import COLUMNS, HAPPENED, table_of
from orchestration.deliveries.readers.workbooks.cells import day_from, text
from orchestration.deliveries.readers.workbooks.opening import Workbook, open_workbook
from orchestration.deliveries.readers.workbooks.tables import (
    HEADER_WITHIN,
    Column,
    plain,
)
from orchestration.deliveries.readers.workbooks.tables import table_of as rows_below

_SHEETS = {"header", "episodes"}
_Found = Iterable[tuple[str, pd.DataFrame, Sequence[Finding]]]


def part_of(look: Look) -> str:
    """An archive with a table among its CSV files, or a workbook whose sheets have the names of the
    two that no return is without."""
    if {plain(name) for name in look.sheets} >= _SHEETS:
        return "workbook"
    return "zip" if any(table_below(as_text(begins)) for begins in beginnings(look)) else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The return of one file. Raises `UnreadableError`."""
    [(kind, [file])] = files.items()
    if kind == "zip":
        with readable():
            return _read("files", _in_archive(file))
    with open_workbook(file) as workbook:
        return _read("sheets", _in_workbook(workbook))


def _read(of_what: str, found: _Found) -> Reading:
    tables: dict[str, pd.DataFrame] = {}
    remarks: list[Finding] = []
    others = 0
    for table, rows, said in found:
        others += not table
        if table in tables:
            what = f"the table {table} is there more than once: each year's in a file of its own"
            raise UnreadableError(finding("RETURN-LAYOUT", what=what))
        if table:
            tables[table] = rows
            remarks += said
    if others:
        what = f"{of_what} in it that are no table of the return; nothing is taken from them"
        remarks.append(finding("RETURN-PART", what=what, count=others))
    told = reading(tables)
    return replace(told, remarks=(*remarks, *told.remarks))


def _in_archive(file: Path) -> Iterator[tuple[str, pd.DataFrame, Sequence[Finding]]]:
    """The table that each file is ("": none) and its rows."""
    for _, content in members(file):
        table = table_below(as_text(content)) if content else ""
        if content and table:
            yield table, rows_of(table, content[:2], lambda held=content: BytesIO(held)), ()
        else:
            yield "", pd.DataFrame(), ()


def _in_workbook(
    workbook: Workbook,
) -> Iterator[tuple[str, pd.DataFrame, Sequence[Finding]]]:
    """The table that each sheet is ("": none), by its header, and its rows."""
    for name in workbook.sheets:
        sheet = workbook.sheet(name)
        tables = (table_of(map(text, row)) for row in sheet.rows[:HEADER_WITHIN])
        table = next(filter(None, tables), "")
        if not table:
            yield "", pd.DataFrame(), ()
            continue
        days = {*HAPPENED.get(table, ()), "DOB"}
        day = day_from(workbook.first_day)
        columns = {
            each: Column(each, day if each in days else text, may_be_absent=True)
            for each in COLUMNS[table]
        }
        below = rows_below(sheet, f"the table {table}", columns)
        yield table, below.rows.assign(line=below.rows.index), below.remarks


FORMAT = Format("ssda903", part_of, read)
