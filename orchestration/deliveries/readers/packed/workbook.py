"""A workbook with a sheet for each extract, named as the extract is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.contract.case_systems import ALIASES
from orchestration.contract.extracts import EXTRACTS
from orchestration.contract.extracts import Column as OfContract
from orchestration.deliveries.gate.header import normal_name
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.packed.extracts import reading, unused
from orchestration.deliveries.readers.reading import Format, Look, Reading, UnreadableError
from orchestration.deliveries.readers.workbooks.cells import SERIALS, Reads
from orchestration.deliveries.readers.workbooks.opening import open_workbook
from orchestration.deliveries.readers.workbooks.tables import Column, plain, table_of

# What systems write for a day that is not there is read as midnight: the day that a workbook cannot
# tell from the hour.
_DAY_ZERO = "1900-01-01"


def part_of(look: Look) -> str:
    return "workbook" if any(normal_name(sheet) in EXTRACTS for sheet in look.sheets) else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The extracts of one workbook. Raises `UnreadableError`."""
    [file] = files["workbook"]
    tables: dict[str, pd.DataFrame] = {}
    remarks: list[Finding] = []
    with open_workbook(file) as workbook:
        names = [normal_name(sheet) for sheet in workbook.sheets]
        others = 0
        for sheet, name in zip(workbook.sheets, names, strict=True):
            if name not in EXTRACTS:
                others += 1
                continue
            if names.count(name) > 1:
                remarks.append(finding("RETURN-PART", what=f"{name} is there more than once"))
                continue
            table = table_of(workbook.sheet(sheet), name, _columns(name, workbook.first_day))
            remarks += [*table.remarks, *([unused(name, table.unused)] if table.unused else [])]
            if table.rows.empty and len(table.rows.columns) == 0:
                remarks.append(finding("RETURN-PART", what=f"{name} has none of its columns"))
            else:
                tables[name] = table.rows
        saved_on = workbook.saved_on
    if others:
        what = "sheets that are named as no extract; nothing is taken from them"
        remarks.append(finding("RETURN-PART", what=what, count=others))
    if not tables:
        raise UnreadableError(finding("RETURN-LAYOUT", what="no sheet holds an extract"))
    return reading(tables, saved_on, remarks)


def _columns(extract: str, first_day: date) -> Mapping[str, Column]:
    """Those of the contract under their own or other systems' names."""
    others: dict[str, list[str]] = {}
    for other, name in ALIASES.get(extract, {}).items():
        others.setdefault(name, []).append(plain(other))
    return {
        column.name: Column(
            column.name,
            _cell_of(column, first_day),
            "|".join([plain(column.name), *others.get(column.name, [])]),
            may_be_absent=True,
        )
        for column in EXTRACTS[extract].columns
    }


def _cell_of(column: OfContract, first_day: date) -> Reads:
    """As the same table would have it as CSV."""

    def cell(value: Any) -> str | None:
        if isinstance(value, bool):
            return "Y" if value else "N"
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds")
        if isinstance(value, date):
            return value.isoformat() + ("T00:00:00" if column.type == "datetime" else "")
        if isinstance(value, time) and column.type in ("date", "datetime"):
            return _DAY_ZERO
        if isinstance(value, float) and column.type == "date" and int(value) in SERIALS:
            return (first_day + timedelta(days=int(value))).isoformat()
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)

    return cell


FORMAT = Format(name="extracts_workbook", part_of=part_of, read=read)
