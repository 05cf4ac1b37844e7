"""Forms that were filled in and put into the working folder: read however a spreadsheet saved them.

Every fault names file, row and column, and keeps back this meeting's pack alone.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.packs.narrative import QUESTION, Line
from orchestration.packs.working import is_form
from orchestration.reference import reader
from orchestration.reference.contract import Column, File, reference_files
from orchestration.reference.faults import Fault
from orchestration.reference.table import typed_row

_MEANWHILE = "the pack of this meeting is kept back; every other pack can be made"
_WRITTEN = ("text", "waived_reason", "confirmed_by", "action", "lead", "expected", "author")
_NEEDED = ("part", "indicator_id", "text")


def read_returned(working: Path, meeting_id: str) -> list[Line]:
    """What the forms in a working folder say; a row or file that cannot be read is a fault."""
    lines: list[Line] = []
    for path in sorted(working.glob("*")):
        if is_form(path):
            lines += _read(path, meeting_id)
    return [*_different(lines), *lines]


def together(lines: Iterable[Line], returned: Sequence[Line]) -> list[Line]:
    """The texts of `narrative.csv` with what the forms say in their place; answers to questions of
    members are no text of the meeting's own."""
    found = {_place(line): line for line in lines if not line.fault}
    faults = [line for line in (*lines, *returned) if line.fault]
    for line in returned:
        if line.fault or line.part == QUESTION:
            continue
        before = found.get(_place(line))
        if before is None:
            found[_place(line)] = line
            continue
        if line.text or line.waived_reason:  # who confirmed the old text did not read this one
            before = replace(before, text="", waived_reason="", confirmed_by="", file=line.file)
            before = replace(before, number=line.number)
        said = {name: getattr(line, name) for name in (*_WRITTEN, "by_when")}
        found[_place(line)] = replace(
            before, **{name: value for name, value in said.items() if value}
        )
    return [*found.values(), *faults]


def _place(line: Line) -> tuple[str, str, str]:
    return line.part, line.indicator_id, line.about


def _contract(name: str) -> File:
    """The columns of `narrative.csv` that a form has, and what a row is about."""
    seed = reference_files()["narrative"]
    columns = [
        replace(column, optional=column.name not in _NEEDED)
        for column in seed.columns
        if column.name != "meeting_id"
    ]
    [text] = [column for column in columns if column.name == "text"]
    columns.append(replace(text, name="about", optional=True))
    return replace(seed, path=name, columns=tuple(columns))


def _read(path: Path, meeting_id: str) -> Iterator[Line]:
    name = f"working/{path.name}"
    file = _contract(name)
    columns = [column.name for column in file.columns]
    try:
        if path.suffix.lower() == ".xlsx":
            content = reader.Content(_records(path, columns))
        else:
            content = reader.read(path, columns, set(columns) - set(_NEEDED))
    except reader.Unreadable as unreadable:
        yield Line(0, meeting_id, file=name, fault=str(unreadable.fault.placed(name, _MEANWHILE)))
        return
    for record in content.records:
        cells = record.cells
        if not record.faults and not any(cells.get(each) for each in (*_WRITTEN, "by_when")):
            continue  # a row that nobody has filled in
        row, wrong = typed_row(file, record, {}, decimal_comma=content.decimal_comma)
        for fault in wrong:
            told = str(fault.placed(name, _MEANWHILE))
            yield Line(record.row, meeting_id, file=name, fault=told)
        if not wrong:
            texts = {each: row[each] or "" for each in ("part", "indicator_id", *_WRITTEN)}
            texts["about"] = (row["about"] or "") if row["part"] == QUESTION else ""
            yield Line(record.row, meeting_id, by_when=row["by_when"], file=name, **texts)


def _records(path: Path, columns: Sequence[str]) -> list[reader.Record]:
    """The rows below the headings of the first sheet that has them. Raises `Unreadable`."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        raise reader.Unreadable(
            Fault(
                *("REFERENCE-UNREADABLE", None, None, "not a workbook that can be opened"),
                "the form as a workbook (.xlsx)",
                "save the form again",
            )
        ) from None
    try:
        for sheet in book.worksheets:
            rows = list(sheet.iter_rows(values_only=True))
            for number, cells in enumerate(rows, start=1):
                names = [re.sub(r"[\s-]+", "_", str(cell or "").strip().lower()) for cell in cells]
                if all(names.count(each) == 1 for each in _NEEDED):
                    return _below(rows, number, names, columns)
    finally:
        book.close()
    raise reader.Unreadable(
        Fault(
            *("REFERENCE-COLUMNS", 1, None, "no row of headings"),
            f"the headings of the form: {', '.join(_NEEDED)} at least",
            "fill in the form as it was sent out",
        )
    )


def _below(
    rows: Sequence[Sequence[Any]], head: int, names: Sequence[str], columns: Sequence[str]
) -> list[reader.Record]:
    types = {column.name: column for column in _contract("").columns}
    return [
        reader.Record(
            number,
            {
                **dict.fromkeys(columns, ""),
                **{
                    name: _cell(cell, types[name])
                    for name, cell in zip(names, cells, strict=False)
                    if name in types
                },
            },
        )
        for number, cells in enumerate(rows[head:], start=head + 1)
        if any(cell not in (None, "") for cell in cells)
    ]


def _cell(cell: Any, column: Column) -> Any:
    """A day as a day, also where Excel shows its number; everything else as text."""
    if column.type == "date":
        if isinstance(cell, date | datetime):
            return cell
        if isinstance(cell, int | float) and 30_000 < cell < 80_000:
            from openpyxl.utils.datetime import from_excel

            return from_excel(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _different(lines: Sequence[Line]) -> Iterator[Line]:
    """Two forms that say different things in one place."""
    seen: dict[tuple[str, str, str, str], Line] = {}
    for line in lines:
        for name in (*_WRITTEN, "by_when") if not line.fault else ():
            value = getattr(line, name)
            first = seen.setdefault((*_place(line), name), line) if value else line
            if value and getattr(first, name) != value:
                fault = Fault(
                    *("REFERENCE-REPEATED", line.number, name),
                    f"not the same as in {first.file}, row {first.number}",
                    "one text for one place",
                    "take one of the two out of its form, or one of the files out of the folder",
                )
                told = str(fault.placed(line.file, _MEANWHILE))
                yield Line(line.number, line.meeting_id, file=line.file, fault=told)
