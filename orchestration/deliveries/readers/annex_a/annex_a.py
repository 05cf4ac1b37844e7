"""The format: which workbooks are an Annex A, and what is read from one.

A list that is missing, empty, there twice or without a column that figures need costs only its own
extracts.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.annex_a.extracts import EXTRACTS_OF
from orchestration.deliveries.readers.annex_a.lists import lists
from orchestration.deliveries.readers.annex_a.spans import as_at_day, spans
from orchestration.deliveries.readers.reading import Format, Look, Reading, UnreadableError
from orchestration.deliveries.readers.workbooks.opening import Workbook, open_workbook
from orchestration.deliveries.readers.workbooks.tables import list_number, table_of


def part_of(look: Look) -> str:
    """A workbook with sheets for lists that the SEN lists, of which there are two, cannot be."""
    return "workbook" if any(2 < list_number(sheet) <= 11 for sheet in look.sheets) else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The extracts of one workbook. Raises `UnreadableError`."""
    [file] = files["workbook"]
    with open_workbook(file) as workbook:
        tables, remarks = _tables(workbook)
        if not tables:
            raise UnreadableError(finding("RETURN-LAYOUT", what="no list can be read: " + _WHY))
        as_at = as_at_day(tables, workbook.saved_on or date.today())
    if as_at is None:
        raise UnreadableError(finding("RETURN-YEAR", what="no day on which anything happened"))
    extracts: dict[str, list[pd.DataFrame]] = {}
    for number, rows in tables.items():
        for extract, frame in EXTRACTS_OF[number](rows).items():
            extracts.setdefault(extract, []).append(frame)
    joined = {
        extract: pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)
        for extract, frames in extracts.items()
    }
    filled = {extract: frame for extract, frame in joined.items() if len(frame)}
    if "ssd_person" in filled:
        filled["ssd_person"] = _with_unborn(filled["ssd_person"], as_at)
    return Reading(filled, spans(tables, filled, as_at), remarks=tuple(remarks))


def _tables(workbook: Workbook) -> tuple[dict[int, pd.DataFrame], list[Finding]]:
    """The rows of each list that can be used, and what is to be said of the lists."""
    named: dict[int, list[str]] = {}
    for sheet in workbook.sheets:
        named.setdefault(list_number(sheet), []).append(sheet)
    tables, remarks = {}, list[Finding]()
    for number, columns in lists(workbook.first_day).items():
        title = f"List {number}"
        sheets = named.get(number, [])
        if len(sheets) != 1:
            why = "there more than once" if sheets else "not there"
            remarks.append(finding("RETURN-PART", what=f"{title} is {why}; {_LEFT_OUT}"))
            continue
        table = table_of(workbook.sheet(sheets[0]), title, columns)
        remarks += table.remarks
        if table.missing:
            column = table.missing[0]
            why = f"{title} lacks a column that figures need; {_LEFT_OUT}"
            remarks.append(finding("RETURN-PART", column=column, what=why))
        elif table.rows.empty:
            remarks.append(finding("RETURN-PART", what=f"{title} has no rows; {_LEFT_OUT}"))
        else:
            tables[number] = table.rows
    return tables, remarks


def _with_unborn(persons: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """A day of birth that lies ahead is the day on which a child is due."""
    if "pers_dob" not in persons:
        return persons
    unborn = persons["pers_dob"] > as_at.isoformat()
    due = persons["pers_dob"].where(unborn, "")
    return persons.assign(pers_dob=persons["pers_dob"].mask(unborn, ""), pers_expected_dob=due)


_WHY = "each is missing, empty, there twice or without a column that figures need"
_LEFT_OUT = "nothing is taken from it"

FORMAT = Format(name="annex_a", part_of=part_of, read=read)
