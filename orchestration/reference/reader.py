"""A reference file as rows of text, however a spreadsheet saved it.

Read are UTF-8 with and without a mark, UTF-16 with one, and Windows-1252; commas, semicolons or
tabs; headers in any case; empty rows and empty columns at the end. Nothing is ever raised about
what a file holds: what cannot be read is a fault.
"""

import csv
import difflib
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.reference.faults import Fault

SAVE = "save the sheet as 'CSV UTF-8 (comma delimited)' and put that file in place"
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
# Breaks of a line in Word and on the web: a text that was copied from there keeps them.
_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
# What no text holds, so that no document can be written of it.
_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
# Bytes that hardly any text in Windows-1252 holds (0xFF would be a y with two dots): damage.
_UNLIKELY = bytes.fromhex(
    "81838687888b8d8f90989b9d9fa1a2a4a5a6a8aaabacadaeafb4b5b6b8b9babbbfd0d7dddef0f7fdfeff"
)


class Unreadable(Exception):
    """The file cannot be used as a whole; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True)
class Record:
    """One row: its number as a spreadsheet shows it, cells by column, and what is wrong with it."""

    row: int
    cells: dict[str, Any]
    faults: tuple[Fault, ...] = ()


@dataclass
class Content:
    """What a file holds; `decimal_comma` where semicolons or tabs divide its columns."""

    records: list[Record] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    decimal_comma: bool = False


def read(path: Path, columns: Sequence[str], optional: Collection[str] = ()) -> Content:
    """The rows of a file, which may lack `optional` columns. Raises `Unreadable`."""
    try:
        if path.suffix == ".parquet":
            return _read_parquet(path, columns)
        data = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(
            Fault("REFERENCE-MISSING", None, None, "no such file", "the file", "put it back")
        ) from None
    except OSError:
        raise Unreadable(
            Fault("REFERENCE-UNREADABLE", None, None, "it cannot be opened", "a file", "see to it")
        ) from None
    return _read_text(_text_of(data), columns, optional)


def _text_of(data: bytes) -> str:
    """The text; a byte that is not UTF-8 stands in it as a lone surrogate, as does the mark that a
    program before has left in the place of one."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", errors="replace")
    else:
        text = data.decode("utf-8-sig", errors="surrogateescape")
    text = text.lstrip("\ufeff").replace("\ufffd", "\udcff")
    if not text.strip(" \t\r\n,;"):
        raise Unreadable(
            Fault("REFERENCE-EMPTY", None, None, "an empty file", "a header line", "put it back")
        )
    if data[:4] == b"PK\x03\x04" or "\0" in text:
        raise Unreadable(
            Fault("REFERENCE-UNREADABLE", None, None, "not a text file", "a CSV file", SAVE)
        )
    return text


def _read_text(text: str, columns: Sequence[str], optional: Collection[str]) -> Content:
    lines = list(io.StringIO(text, newline=""))
    row, delimiter = 0, ""
    while not lines[row].strip(" \t\r\n,;"):
        row += 1
    if named := re.fullmatch(r"sep=([,;\t])\s*", lines[row], re.IGNORECASE):
        delimiter, row = named[1], row + 1
    line = lines[row] if row < len(lines) else ""
    header, delimiter = _header(line, delimiter, columns, optional)
    content = Content(decimal_comma=delimiter != ",")
    unknown = [place for place, name in enumerate(header, 1) if name and name not in columns]
    for place in unknown:
        content.remarks.append(
            Fault(
                "REFERENCE-COLUMNS",
                None,
                None,
                f"its column {place} is not known",
                "only columns of the contract",
                "take the column out, or leave it: it is not read",
                is_remark=True,
            )
        )
    is_windows = _is_windows(text)
    for number, cells, quote in _rows(lines, row + 1, len(header), delimiter):
        if quote is not None or any(cell.strip() for cell in cells):
            content.records.append(_record(number, cells, quote, header, columns, is_windows))
    if is_windows:
        content.remarks.append(
            Fault(
                "REFERENCE-ENCODING",
                next((each.row for each in content.records if _has_bytes(each)), None),
                None,
                "not UTF-8 (first here): read as Windows-1252, as Excel's plain 'CSV' is",
                "UTF-8",
                SAVE,
                is_remark=True,
                meanwhile="the rows are used; look whether their names are right",
            )
        )
        content.records = [
            Record(each.row, {k: _windows(v) for k, v in each.cells.items()}, each.faults)
            for each in content.records
        ]
    return content


def _header(
    line: str, delimiter: str, columns: Sequence[str], optional: Collection[str]
) -> tuple[list[str], str]:
    """The column names of the header line, and what divides them. Raises `Unreadable`."""

    def named(mark: str) -> list[str]:
        try:
            cells = next(csv.reader([line.rstrip("\r\n")], delimiter=mark), [])
        except csv.Error:
            return []
        return [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]

    marks = [delimiter] if delimiter else [",", ";", "\t"]
    header, mark = max(
        ((named(mark), mark) for mark in marks), key=lambda each: len({*each[0]} & {*columns})
    )
    for column in columns:
        if header.count(column) != 1 and (column in header or column not in optional):
            others = [name for name in header if name and name not in columns]
            near = difflib.get_close_matches(column, others, 1, 0.5)
            found = f"it stands there {header.count(column)} times" if column in header else "none"
            if near:
                found += f"; column {header.index(near[0]) + 1} is nearest to it"
            raise Unreadable(
                Fault(
                    "REFERENCE-COLUMNS",
                    1,
                    column,
                    found,
                    f"the columns {', '.join(columns)}",
                    "name the columns so",
                )
            )
    return header, mark


def _rows(
    lines: list[str], first: int, width: int, delimiter: str
) -> list[tuple[int, list[str], str | None]]:
    """Number, cells and what is wrong with the quotes of each row.

    A row with a quote that is not closed would swallow those after it: reading goes on with the
    next line.
    """
    found: list[tuple[int, list[str], str | None]] = []
    at, number = first, first + 1
    while at < len(lines):
        reader = csv.reader(lines[at:], delimiter=delimiter, strict=True)
        before = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return found
            except csv.Error:
                cells = None
            taken = reader.line_num - before
            if cells is None or (
                taken > 1 and _swallows(lines[at + before : at + reader.line_num], width, delimiter)
            ):
                start = at + before
                found.append((number, _as_they_stand(lines[start], delimiter), "quote"))
                at, number = start + 1, number + 1
                break
            found.append((number, cells, None))
            before, number = reader.line_num, number + 1
    return found


def _swallows(lines: Sequence[str], width: int, delimiter: str) -> bool:
    """Whether one of the further lines of a row looks like a row of its own."""
    for line in lines[1:]:
        cells = _as_they_stand(line, delimiter)
        if len(cells) >= width and not re.search(r"\s", cells[0]):
            return True
    return False


def _as_they_stand(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(delimiter)]


def _width(cells: Sequence[str]) -> int:
    """How many cells, without the empty ones at the end."""
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _record(
    number: int,
    cells: list[str],
    quote: str | None,
    header: list[str],
    columns: Sequence[str],
    is_windows: bool,
) -> Record:
    by_name = {name: "" for name in columns}
    by_name |= {
        name: _BREAKS.sub("\n", cell.strip())
        for name, cell in zip(header, cells, strict=False)
        if name in by_name
    }
    faults = []
    if quote:
        what = "a quote that is not closed, or stands alone"
        faults.append(
            Fault("REFERENCE-QUOTE", number, None, what, "quotes in pairs, a quote inside doubled")
        )
    elif _width(cells) > len(header):
        what, expected = "more cells than columns", "a cell that holds a comma in quotes"
        faults.append(Fault("REFERENCE-CELLS", number, None, what, expected))
    for name, cell in by_name.items():
        if not is_windows and _NOT_UTF8.search(cell):
            faults.append(
                Fault("REFERENCE-ENCODING", number, name, "a byte that is not UTF-8", "UTF-8")
            )
        elif _NO_CHARACTER.search(cell):
            what = "a control character, which no text holds"
            faults.append(Fault("REFERENCE-ENCODING", number, name, what, "text"))
    return Record(number, by_name, tuple(faults))


def _has_bytes(record: Record) -> bool:
    return any(_NOT_UTF8.search(cell) for cell in record.cells.values())


def _is_windows(text: str) -> bool:
    """Whether the text as a whole is Windows-1252: no letter of it is UTF-8, each is likely."""
    strange = {each for each in text if not each.isascii()}
    return bool(strange) and all(
        _NOT_UTF8.match(each) and ord(each) - 0xDC00 not in _UNLIKELY for each in strange
    )


def _windows(text: str) -> str:
    data = text.encode("utf-8", errors="surrogateescape")
    return data.decode("cp1252", errors="replace") if _NOT_UTF8.search(text) else text


def _read_parquet(path: Path, columns: Sequence[str]) -> Content:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.exists():
        raise FileNotFoundError
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError):
        raise Unreadable(
            Fault(
                "REFERENCE-UNREADABLE",
                None,
                None,
                "not a whole Parquet file",
                "a Parquet file",
                "put back the last good one, or write it again as the README beside it says",
            )
        ) from None
    for column in columns:
        if column not in table.column_names:
            near = difflib.get_close_matches(column, set(table.column_names) - set(columns), 1, 0.5)
            place = f"; column {table.column_names.index(near[0]) + 1} is nearest" if near else ""
            raise Unreadable(
                Fault(
                    "REFERENCE-COLUMNS",
                    None,
                    column,
                    f"none{place}",
                    f"the columns {', '.join(columns)}",
                    "name the columns so",
                )
            )
    cells = [table.column(name).to_pylist() for name in columns]
    return Content(
        [
            Record(row, dict(zip(columns, each, strict=True)))
            for row, each in enumerate(zip(*cells, strict=True), 1)
        ]
    )
