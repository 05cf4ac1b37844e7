"""CSV files of extracts, packed: an archive (.zip) of several, or a single one (.csv.gz).

Nothing is unpacked to the disk, so that no name in an archive can lead anywhere; what would unpack
to more than the limit is refused before or while it does.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pandas as pd
from pyarrow import BufferReader, string
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

from orchestration.contract.case_systems import ALIASES
from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.gate.header import normal_name, split_row
from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.packed.extracts import extract_of, reading, unused
from orchestration.deliveries.readers.reading import (
    MAX_BYTES,
    Format,
    Look,
    Reading,
    UnreadableError,
)

_HEADER_WITHIN = 65_536
_PACKED = b"\x1f\x8b"
_DAMAGED = (BadZipFile, zlib.error, csv.Error)


def part_of(look: Look) -> str:
    """A packed file with an extract's header, or an archive with a CSV file of an extract's name or
    header. Of an archive's members the first hundred are looked at."""
    if look.beginning.startswith(_PACKED):
        return "gz" if _known(_unpacked(look.beginning)) else ""
    if any(_named(name) for name in _tables(look)):
        return "zip"
    return "zip" if any(_known(beginning) for beginning in beginnings(look)) else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The extracts of one file. Raises `UnreadableError`."""
    [(kind, [file])] = files.items()
    tables: dict[str, pd.DataFrame] = {}
    remarks: list[Finding] = []
    twice: set[str] = set()
    others = 0
    with readable():
        for name, content in _one(file) if kind == "gz" else members(file):
            extract, frame = _table(content) if content is not None else ("", pd.DataFrame())
            if not extract:
                others += 1
                if _named(name):
                    what = f"{normal_name(Path(name).stem)}: its first line is not its header"
                    remarks.append(finding("RETURN-PART", what=what))
                continue
            known = [name for name in frame.columns if name in EXTRACTS[extract].column_names]
            if len(set(known)) < len(known):
                raise _layout(f"{extract}: a column that is there twice")
            if len(known) < len(frame.columns):
                remarks.append(unused(extract, len(frame.columns) - len(known)))
            twice |= {extract} & set(tables)
            tables[extract] = frame[known]
    if others:
        what = "files in it that are no extract; nothing is taken from them"
        remarks.append(finding("RETURN-PART", what=what, count=others))
    for extract in twice:
        del tables[extract]
        remarks.append(finding("RETURN-PART", what=f"{extract} is there more than once"))
    if not tables:
        raise _layout("no file in it is an extract")
    return reading(tables, _saved_on(file) if kind == "zip" else None, remarks)


def _table(content: bytes) -> tuple[str, pd.DataFrame]:
    """The extract that a CSV file is ("": none), and its rows under the contract's names. Raises
    `ValueError` for a row that has not as many cells as the header."""
    header, _, below = content.partition(b"\n")
    first = header.decode("utf-8-sig").strip()
    names = [normal_name(name) for name in split_row(first)] if first else []
    extract = extract_of(names)
    aliases = ALIASES.get(extract, {})
    columns = [aliases.get(name, name) for name in names]
    if not extract or not below.strip():
        return extract, pd.DataFrame(columns=columns, dtype=object)
    places = [str(place) for place in range(len(names))]
    rows = read_csv(
        BufferReader(below),
        ReadOptions(column_names=places),
        ParseOptions(newlines_in_values=True),
        ConvertOptions(column_types=dict.fromkeys(places, string()), strings_can_be_null=False),
    )
    return extract, rows.to_pandas().set_axis(columns, axis=1)


def _one(file: Path) -> Iterator[tuple[str, bytes]]:
    with gzip.open(file) as opened:
        content = opened.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _unreadable()
    yield "", content


def members(file: Path) -> Iterator[tuple[str, bytes | None]]:
    """The files of an archive, by name; what is no CSV file without its content. It is trusted with
    no size: what a part unpacks to beyond the one that it states is an error of the library. Raises
    `UnreadableError` where they are too large together, and what `readable` turns into that."""
    with ZipFile(file) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        tables = [part for part in parts if part.filename.lower().endswith(".csv")]
        if sum(part.file_size for part in tables) > MAX_BYTES:
            raise _unreadable()
        for part in parts:
            yield part.filename, archive.read(part) if part in tables else None


def _saved_on(file: Path) -> date | None:
    """The day on which the newest file of an archive was written, as far as it says one."""
    with ZipFile(file) as archive:
        days = [part.date_time[:3] for part in archive.infolist() if not part.is_dir()]
    try:
        return date(*max(days))
    except ValueError:
        return None


def beginnings(look: Look) -> Iterator[bytes]:
    """What each of the first hundred CSV files of an archive begins with."""
    try:
        with ZipFile(look.file) as archive:
            for name in _tables(look):
                with archive.open(name) as opened:
                    yield opened.read(_HEADER_WITHIN)
    except (OSError, EOFError, KeyError, RuntimeError, *_DAMAGED):
        return


def _tables(look: Look) -> list[str]:
    return [name for name in look.members if name.lower().endswith(".csv")][:100]


def _unpacked(beginning: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(beginning, _HEADER_WITHIN)
    except zlib.error:
        return b""


def _known(beginning: bytes) -> bool:
    """Whether a text begins with the header of an extract."""
    header = beginning.decode("utf-8-sig", "ignore").split("\n", 1)[0].rstrip("\r")
    try:
        return bool(header and extract_of([normal_name(name) for name in split_row(header)]))
    except csv.Error:
        return False


def _named(member: str) -> bool:
    return normal_name(Path(member).stem) in EXTRACTS


@contextmanager
def readable() -> Iterator[None]:
    """Raises `UnreadableError` for what a library says of a damaged file, which may quote a row."""
    try:
        yield
    except (OSError, EOFError, ValueError, RuntimeError, *_DAMAGED):
        raise _unreadable() from None


def _unreadable() -> UnreadableError:
    return UnreadableError(
        finding(
            "RETURN-UNREADABLE",
            expected="CSV files in UTF-8, packed without a password, within the limit of size",
        )
    )


def _layout(what: str) -> UnreadableError:
    return UnreadableError(finding("RETURN-LAYOUT", what=what))


FORMAT = Format(name="extracts_packed", part_of=part_of, read=read)
