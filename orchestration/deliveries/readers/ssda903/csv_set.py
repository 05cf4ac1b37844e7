"""The CSV files of an SSDA903 return, one for each table, in one folder."""

import csv
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import (
    MAX_BYTES,
    Format,
    Look,
    Reading,
    UnreadableError,
)
from orchestration.deliveries.readers.ssda903.extracts import reading
from orchestration.deliveries.readers.ssda903.tables import table_of


def part_of(look: Look) -> str:
    """The table that a file is."""
    return table_below(look.text)


def table_below(text: str) -> str:
    """The table that begins with a text, by its first line; "" for none."""
    first = next(iter(text.lstrip("\ufeff").splitlines()), "")
    return table_of(next(csv.reader([first]), [])) if "," in first else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The files of one return. Raises `UnreadableError`."""
    twice = [table for table, found in files.items() if len(found) > 1]
    if twice:
        what = f"the table {twice[0]} is there more than once: each year's files in its own folder"
        raise UnreadableError(finding("RETURN-LAYOUT", what=what))
    return reading({table: _rows(table, file) for table, [file] in files.items()})


def _rows(table: str, file: Path) -> pd.DataFrame:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise _unreadable(f"the table {table} is larger than {MAX_BYTES // 1_000_000} MB")
        with file.open("rb") as begins:
            mark = begins.read(2)
    except OSError as error:
        raise _unreadable(f"the table {table} cannot be read: {type(error).__name__}") from None
    return rows_of(table, mark, lambda: file)


def rows_of(table: str, begins: bytes, source: Callable[[], Path | BinaryIO]) -> pd.DataFrame:
    """The rows of a table as text, with their line in `line`. `begins` are its first two bytes, and
    `source` gives the file anew for each encoding that is tried.

    Raises `UnreadableError`.
    """
    for encoding in _encodings(begins):
        try:
            with warnings.catch_warnings():
                # of commas at the end of every line
                warnings.simplefilter("ignore", pd.errors.ParserWarning)
                rows = pd.read_csv(
                    source(),
                    # taken over as text in no time, where pandas makes its own cell by cell
                    dtype=pd.ArrowDtype(pa.string()),
                    na_filter=False,
                    skip_blank_lines=False,
                    index_col=False,
                    encoding=encoding,
                )
        except UnicodeError:
            continue
        except (ValueError, OSError) as error:
            # pandas quotes no cell, but for the number of the line its words are of no use
            line = re.search(r"line (\d+)", str(error))
            what = f"the table {table} is no CSV file with as many cells in each line as columns"
            raise _unreadable(what, int(line[1]) if line else None) from None
        names = [str(name).strip().upper() for name in rows.columns]
        if len(set(names)) < len(names):
            what = f"the table {table} has two columns of one name"
            raise UnreadableError(finding("RETURN-LAYOUT", line=1, what=what))
        rows = rows.set_axis(names, axis=1).astype(str).fillna("")
        rows["line"] = range(2, len(rows) + 2)
        bare = rows[names[0]] == ""
        bare[bare] = (rows.loc[bare, names] == "").all(axis=1)
        return rows[~bare]
    raise _unreadable(f"the table {table} is in no encoding that is known")


def _encodings(begins: bytes) -> tuple[str, ...]:
    """Those that a file may be in, first the likeliest."""
    return ("utf-16",) if begins in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")


def _unreadable(what: str, line: int | None = None) -> UnreadableError:
    return UnreadableError(finding("RETURN-UNREADABLE", line=line, what=what))


FORMAT = Format("ssda903", part_of, read, is_set=True)
