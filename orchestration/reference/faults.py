"""What is wrong with a reference file, in one line that names file, row and column."""

from dataclasses import dataclass, replace

CODES = {
    "REFERENCE-MISSING": "the file is not there",
    "REFERENCE-UNREADABLE": "the file cannot be opened, or is no text or Parquet file",
    "REFERENCE-EMPTY": "the file holds nothing, or no row that can be used where one is needed",
    "REFERENCE-COLUMNS": "a column is missing, stands there twice, or is not known",
    "REFERENCE-ENCODING": "a byte that is not UTF-8, or a file in Windows-1252",
    "REFERENCE-QUOTE": "a quote that is not closed, or stands alone",
    "REFERENCE-CELLS": "a row with more cells than the file has columns",
    "REFERENCE-FILLED": "an empty cell where there has to be a value",
    "REFERENCE-TYPE": "no such day, month, number or code",
    "REFERENCE-UNKNOWN": "an area, indicator, source, model or meeting that is not known",
    "REFERENCE-REPEATED": "a row with the key of an earlier one",
    "REFERENCE-SPAN": "a validity that ends before it begins, or overlaps with an earlier row's",
    "REFERENCE-RULE": "a value that cannot be right beside the others",
    "REFERENCE-INCOMPLETE": "rows are missing: bank holidays of a year, neighbours of a council",
    "REFERENCE-HELD": "a file that is not used until another one is right",
}
"""What each code is about; a fault says it more closely."""


@dataclass(frozen=True)
class Fault:
    """One thing found. `row` is counted as a spreadsheet shows it, the header being row 1.

    `is_remark` where nothing is lost by it. `found` never holds a cell.
    """

    code: str
    row: int | None
    column: str | None
    found: str
    expected: str
    do: str = "correct the row and run again"
    is_remark: bool = False
    file: str = ""
    meanwhile: str = ""

    def __str__(self) -> str:
        """`CODE | file | where | found | expected | what to do | what happens meanwhile`"""
        where = [] if self.row is None else [f"row {self.row}"]
        where += [] if self.column is None else [f"column {self.column}"]
        places = ", ".join(where) or "-"
        parts = (self.code, self.file, places, self.found, self.expected, self.do)
        return " | ".join((*parts, self.meanwhile))

    def placed(self, file: str, meanwhile: str) -> "Fault":
        """The same fault, with the file it is about and what happens meanwhile."""
        return replace(self, file=file, meanwhile=self.meanwhile or meanwhile)
