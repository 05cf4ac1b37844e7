"""A workbook opened within bounds, and its sheets as rows of cells.

Refused before a library sees it: what is no .xlsx, encrypted or with macros, what unpacks to more
than the limit or holds a cell so far out that the area up to it does not fit into memory.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as DeflateError

from python_calamine import CalamineError, CalamineWorkbook

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import MAX_BYTES, UnreadableError

_MOST_CELLS = 30_000_000
"""Of the area from the first cell to the last one of a sheet, empty ones counted."""

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_FAR_BELOW = re.compile(rb"r=[\"'][A-Z]{1,3}(\d{6,7})[\"']")
_ROW = re.compile(rb"r=[\"'][A-Z]{1,3}(\d{1,7})[\"']")
_FAR_OUT = re.compile(rb"r=[\"'][A-Z]{2}")
_COLUMN = re.compile(rb"r=[\"']([A-Z]{1,3})\d")
_FAULTY = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"[^>]*>')
_NEVER_WORKED_OUT = re.compile(
    rb'<(?:\w+:)?c\s(?:(?!\bt="str")[^>])*>\s*'
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_SAVED = re.compile(rb"<dcterms:modified[^>]*>(\d{4}-\d\d-\d\d)T")


@dataclass(frozen=True)
class Sheet:
    """`rows` from the sheet's first row on, hidden ones too; (row, column) of the cells, both from
    0, that show an error or a formula whose value was never stored: those read as empty."""

    name: str
    rows: Sequence[Sequence[Any]]
    lost: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Workbook:
    """`sheets` in order; `saved_on` is the day on which it was last saved (None: not said);
    `first_day` the day that a number in a date column counts from."""

    sheets: tuple[str, ...]
    saved_on: date | None
    first_day: date
    _book: CalamineWorkbook
    _parts: ZipFile
    _names: dict[str, str]

    def sheet(self, name: str) -> Sheet:
        """The cells of a sheet. Raises `UnreadableError`."""
        with _readable():
            part = self._parts.read(self._names[name]) if name in self._names else b""
            _check_area(part)
            rows = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        return Sheet(name, rows, _lost(part))


@contextmanager
def open_workbook(file: Path) -> Iterator[Workbook]:
    """The workbook, for as long as it is open. Raises `UnreadableError`."""
    with _readable():
        parts = ZipFile(file)
    with parts:
        with _readable():
            workbook = _workbook(file, parts)
        yield workbook


def _workbook(file: Path, parts: ZipFile) -> Workbook:
    names = set(parts.namelist())
    size = sum(part.file_size for part in parts.infolist())
    if size > MAX_BYTES or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _unreadable()
    book, relations = parts.read("xl/workbook.xml"), parts.read("xl/_rels/workbook.xml.rels")
    core = parts.read("docProps/core.xml") if "docProps/core.xml" in names else b""
    saved = _SAVED.search(core)
    counts_from_1904 = re.search(rb'\bdate1904="(?:1|true)"', book)
    opened = CalamineWorkbook.from_path(str(file))
    placed = zip(opened.sheet_names, _sheet_parts(book, relations), strict=False)
    return Workbook(
        sheets=tuple(opened.sheet_names),
        saved_on=date.fromisoformat(saved[1].decode()) if saved else None,
        first_day=date(1904, 1, 1) if counts_from_1904 else date(1899, 12, 30),
        _book=opened,
        _parts=parts,
        _names={name: part for name, part in placed if part in names},
    )


def _sheet_parts(book: bytes, relations: bytes) -> list[str]:
    """The part of each sheet, in the order of the sheets."""
    targets = {}
    for relation in _RELATION.findall(relations):
        key, target = _attribute(relation, b"Id"), _attribute(relation, b"Target")
        targets[key] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return [targets.get(_attribute(sheet, rb"\w+:id"), "") for sheet in _SHEET.findall(book)]


def _attribute(element: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'\s*=\s*["\']([^"\']*)["\']', element)
    return found[1].decode("utf-8", "replace") if found else ""


def _check_area(part: bytes) -> None:
    """Raises `UnreadableError` where the area up to the last row and column is too large: a reader
    makes room for every cell of it."""
    rows = max([99_999, *map(int, set(_FAR_BELOW.findall(part)))])
    columns = 26
    if rows * columns > _MOST_CELLS or _FAR_OUT.search(part):
        columns = max(map(_number, set(_COLUMN.findall(part))), default=1)
    if rows * columns > _MOST_CELLS:
        rows = max(map(int, set(_ROW.findall(part))), default=1)
    if rows * columns > _MOST_CELLS:
        raise _unreadable()


def _lost(part: bytes) -> frozenset[tuple[int, int]]:
    """Where a reader sees nothing though the workbook shows something, or should."""
    cells = _FAULTY.findall(part) if b't="e"' in part else []
    if b"<f" in part or b":f" in part:
        cells += _NEVER_WORKED_OUT.findall(part)
    places = (_PLACE.search(cell) for cell in cells)
    return frozenset((int(place[2]) - 1, _number(place[1]) - 1) for place in places if place)


def _number(letters: bytes) -> int:
    """A column's number, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except UnreadableError:
        raise
    except (
        CalamineError,
        OSError,
        BadZipFile,
        DeflateError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise _unreadable() from error


def _unreadable() -> UnreadableError:
    return UnreadableError(
        finding(
            "RETURN-UNREADABLE",
            expected="a workbook as .xlsx without password and macros, within the limit of size",
        )
    )
