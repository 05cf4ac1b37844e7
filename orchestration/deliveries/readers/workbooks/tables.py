"""The columns of a sheet that a format needs, found by their headers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.columns import refuse_month_first
from orchestration.deliveries.readers.workbooks.cells import Reads, text, texts
from orchestration.deliveries.readers.workbooks.opening import Sheet

# titles and notes may stand above the header
HEADER_WITHIN = 30
_LIST = re.compile(r"(?<![a-z])list\W*_?(\d{1,2})(?!\d)")


@dataclass(frozen=True)
class Column:
    """A column of a list: its `header` as the format has it, `also` a pattern of other ones in use
    (in small letters and digits, without spaces), and how its cells are read. A row without what is
    `needed` is left out."""

    header: str
    reads: Reads
    also: str = ""
    needed: bool = False
    may_be_absent: bool = False


@dataclass(frozen=True)
class Table:
    """`rows`: a column for each name asked for, all text; its index is the row in the sheet, from
    1. `missing`: the headers that the sheet has not; `unused`: how many of its own nobody asked
    for. `remarks`: what could not be read."""

    rows: pd.DataFrame
    missing: Sequence[str]
    unused: int
    remarks: Sequence[Finding]


def list_number(sheet: str) -> int:
    """The number of the list that a sheet is named after ("List 7", "list_10 adoption"), or 0."""
    found = _LIST.search(sheet.casefold())
    return int(found[1]) if found else 0


def plain(header: Any) -> str:
    """A header in small letters and digits."""
    return "".join(re.findall(r"[^\W_]+", text(header).casefold()))


def table_of(sheet: Sheet, title: str, columns: Mapping[str, Column]) -> Table:
    """The rows below the header: the one of the first rows in which most of `columns` stand.

    Rows with nothing in them are passed over; those without a needed cell are left out and said,
    by the list's own `title`.
    """
    patterns = {name: _pattern(column) for name, column in columns.items()}
    at, places = 0, dict[str, int]()
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        found = _places([plain(cell) for cell in row], columns, patterns)
        if len(found) > len(places):
            at, places = number, found
    missing = [
        column.header
        for name, column in columns.items()
        if name not in places and not column.may_be_absent
    ]
    if missing or not places:
        return Table(pd.DataFrame(), missing, 0, ())
    return _read(sheet, title, at, places, columns)


def _places(
    headers: Sequence[str], columns: Mapping[str, Column], patterns: Mapping[str, re.Pattern[str]]
) -> dict[str, int]:
    """Where each column stands: by the format's own header, else where just one other fits."""
    places = {}
    for name, column in columns.items():
        own = [place for place, header in enumerate(headers) if header == plain(column.header)]
        fits = own or [
            place for place, header in enumerate(headers) if patterns[name].fullmatch(header)
        ]
        if len(fits) == 1:
            places[name] = fits[0]
    return places


def _pattern(column: Column) -> re.Pattern[str]:
    return re.compile(column.also or re.escape(plain(column.header)))


def _read(
    sheet: Sheet, title: str, at: int, places: Mapping[str, int], columns: Mapping[str, Column]
) -> Table:
    below = sheet.rows[at + 1 :]
    cells = list(zip(*below, strict=True)) if below else [()] * (max(places.values()) + 1)
    first = at + 2
    remarks, read = [], {}
    for name, place in places.items():
        refuse_month_first(cells[place], columns[name].header)
        read[name], unread = texts(cells[place], columns[name].reads)
        lost = [row - at - 1 for row, column in sheet.lost if column == place and row > at]
        unread.iloc[[row for row in lost if row < len(below)]] = True
        if unread.any():
            found = f"{title}: a cell that is no day, code or number, or that shows an error"
            remarks.append(
                finding(
                    "RETURN-CELL",
                    line=int(unread.idxmax()) + first,
                    column=columns[name].header,
                    what=f"{found}; it is left empty",
                    count=int(unread.sum()),
                )
            )
    rows = pd.DataFrame(read, dtype=object)
    needed = [name for name in places if columns[name].needed]
    bad = (rows[needed] == "").any(axis=1)
    empty = (rows == "").all(axis=1)
    # nothing in what is read may still be a row with something in it
    left_out = bad.drop([row for row in rows.index[bad & empty] if not any(below[row])])
    if left_out.any():
        remarks.append(
            finding(
                "RETURN-ROW",
                line=int(left_out.idxmax()) + first,
                what=f"{title}: a row without a child or without its first day; it is left out",
                count=int(left_out.sum()),
            )
        )
    rows = rows[~bad & ~empty]
    headers = sum(bool(plain(cell)) for cell in sheet.rows[at])
    return Table(rows.set_index(rows.index + first), (), headers - len(places), remarks)
