"""The byte-and-header gate: every file passes it before a CSV reader sees it.

No reader is strict enough by itself: they guess delimiters, pad short rows, take any quote and
follow links. The gate settles the form of the whole file; it never looks at what a value means.
"""

import errno
import hashlib
import os
import re
import stat
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.contract.extracts import Extract
from orchestration.deliveries.gate.closing import with_whole_ends
from orchestration.deliveries.gate.header import by_contract, match_columns, normal_name, split_row
from orchestration.deliveries.gate.lines import MAX_ROW_BYTES, as_utf8, line_end, lines_of
from orchestration.deliveries.gate.refused import Refused, refuse
from orchestration.deliveries.messages import CODES, Finding, finding

MAX_BYTES = 256 * 2**20
MAX_FIELD = 32_767  # what a spreadsheet cell can hold

_MAGIC = (
    b"PK\x03\x04",  # zip, xlsx, ods
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",  # xls, and xlsx with a password
    b"\x1f\x8b",  # gzip
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"%PDF",
    b"PAR1",
    b"SQLite format 3",
)
# UTF-8 that was taken for Windows-1252: Ã«, Â£, â€™
_MOJIBAKE = re.compile("[\u00c3\u00c2][\u00a0-\u00bf]|\u00e2\u20ac")
_COPY = r"( ?\([0-9]+\)| - copy( \([0-9]+\))?)"
_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_ANY_FIELD = rf'(?:{_QUOTED}|[^",\r\n]*+)'
_FIELD = re.compile(_ANY_FIELD)
_RECORD = re.compile(rf"{_ANY_FIELD}(?:,{_ANY_FIELD})*+")
_QUOTED_FIELD = re.compile(_QUOTED)
_OS_ERRORS = {
    errno.ENOENT: "FILE-MISSING",
    errno.ENOTDIR: "FILE-MISSING",
    errno.ELOOP: "FILE-TYPE",
}


@dataclass(frozen=True)
class Gate:
    """What the gate found. `content` is the file as UTF-8 without a byte-order mark.

    `columns` gives, for each column of the file, the contract's name or None where it is dropped;
    `lines` the line on which each data row begins. Both are empty when the file is refused.
    `sha256`, `size` (bytes) and `mtime_ns` describe the file as delivered, as far as it was read.
    """

    sha256: str
    size: int
    mtime_ns: int
    content: bytes
    columns: tuple[str | None, ...]
    lines: Sequence[int]
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        return not any(CODES[found.code].outcome == "refuse" for found in self.findings)


def pass_gate(file: Path, extract: Extract, *, max_bytes: int = MAX_BYTES) -> Gate:
    """Read `file` once and say whether it is well-formed CSV with the columns of `extract`.

    Never follows a link, never waits on a pipe and raises nothing for a bad file.
    """
    read = Gate("", 0, 0, b"", (), (), ())
    try:
        status = file.lstat()
        read = replace(read, size=status.st_size, mtime_ns=status.st_mtime_ns)
        if not stat.S_ISREG(status.st_mode):
            refuse("FILE-TYPE")
        read = _read(file, max_bytes)
        is_copy = is_named_as_copy(file, extract)
        if file.name.casefold() != extract.file_name and not is_copy:
            refuse("FILE-NAME")
        checked = _check_content(read, extract)
        copied = (finding("FILE-NAME-COPY"),) if is_copy else ()
        return replace(checked, findings=(*copied, *checked.findings))
    except Refused as refused:
        found = refused.found
    except OSError as error:
        found = finding(_OS_ERRORS.get(error.errno or 0, "FILE-PERMISSION"))
    return replace(read, content=b"", findings=(found,))


def is_named_as_copy(file: Path, extract: Extract) -> bool:
    """Whether the file is named as browsers and file managers name a copy of the extract."""
    return re.fullmatch(rf"{extract.name}{_COPY}[.]csv", file.name.casefold()) is not None


def _read(file: Path, max_bytes: int) -> Gate:
    # The file may have been swapped since lstat: never follow a link, never wait on a pipe.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(file, flags), "rb") as opened:
        before = os.fstat(opened.fileno())
        if not stat.S_ISREG(before.st_mode):
            refuse("FILE-TYPE")
        if before.st_size > max_bytes:
            refuse("FILE-SIZE", expected=f"at most {max_bytes // 2**20} MiB")
        content = opened.read(max_bytes + 1)
        after = os.fstat(opened.fileno())
    if len(content) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        refuse("FILE-NOT-STABLE")
    digest = hashlib.sha256(content).hexdigest()
    return Gate(digest, len(content), after.st_mtime_ns, content, (), (), ())


def _check_content(read: Gate, extract: Extract) -> Gate:
    if read.content.startswith(_MAGIC):
        refuse("FILE-FORMAT")
    content = as_utf8(read.content)
    end = line_end(content)
    first = content[: content.find(end) if end in content else len(content)]
    if len(first) > MAX_ROW_BYTES:
        refuse("FIELD-SIZE", line=1)
    header, rows_from = first.decode(), len(first) + len(end)
    _check_form(header, 1)
    names = [normal_name(cell) for cell in split_row(header)]
    by_name = by_contract(names, extract, lines_of(content, end, rows_from))
    columns = match_columns(by_name, header, extract)
    remarks = [
        finding("COLUMN-ALIAS", line=1, column=column)
        for column, name in zip(columns, names, strict=True)
        if column not in (None, name)
    ]
    remarks += [
        finding("COLUMN-UNKNOWN", line=1, column=f"column {position}")
        for position, name in enumerate(columns, 1)
        if name is None
    ]
    remarks += [
        finding("COLUMN-ABSENT", line=1, column=name)
        for name in extract.column_names
        if name not in columns
    ]
    of_text = _of_text(content, end)
    content = with_whole_ends(content, end, len(names))
    ends = content.count(b"\r") + content.count(b"\n")
    is_mixed = ends > content.count(end) * len(end)
    starts = _check_rows(lines_of(content, end, rows_from), end.decode(), names, mixed=is_mixed)
    if not starts and not extract.may_be_empty:
        refuse("FILE-NO-ROWS")
    return replace(
        read,
        content=content,
        columns=columns,
        lines=starts,
        findings=(*of_text, *remarks),
    )


def _of_text(content: bytes, end: bytes) -> list[Finding]:
    """What the lines look like, whatever they hold."""
    found = []
    if not content.endswith(end):
        found.append(finding("FILE-NO-EOL", line=content.count(end) + 1))
    first, count = 0, 0
    for number, line in enumerate(lines_of(content, end), 1):
        if not line.isascii() and _MOJIBAKE.search(line):
            first, count = first or number, count + 1
    if count:
        found.append(finding("TEXT-MOJIBAKE", line=first, count=count))
    return found


def _check_rows(
    lines: Iterator[str], line_end: str, names: list[str], *, mixed: bool
) -> Sequence[int]:
    """The line on which each data row begins; refuses the file at a malformed row.

    `mixed` says that other line ends than `line_end` are in the text, within quotes or not.
    """
    starts = array("I")
    wrong, first_wrong, first_width = 0, 0, 0
    ahead = enumerate(lines, 2)
    any_name = "|".join(
        r"[\s_-]+".join(re.escape(word) for word in name.split("_")) for name in names
    )
    like_header = re.compile(rf"\W*(?:{any_name})", re.IGNORECASE)
    for number, line in ahead:
        if not line:
            continue
        row = bare = line
        if '"' in line:
            if line.count('"') % 2:
                row = _whole_row(line, ahead, number, line_end)
            _check_form(row, number)
            bare = _QUOTED_FIELD.sub("", row)
        elif mixed or len(line) > MAX_FIELD:
            _check_form(row, number)
        width = bare.count(",") + 1
        if width != len(names):
            wrong += 1
            first_wrong, first_width = first_wrong or number, first_width or width
        elif like_header.match(row) and {*map(normal_name, split_row(row))} == {*names}:
            # in another order too, as where two exports were joined
            refuse("ROW-HEADER-AGAIN", line=number)
        starts.append(number)
    if wrong:
        what = f"{first_width} fields where the header has {len(names)}"
        refuse("ROW-WIDTH", line=first_wrong, what=what, count=wrong)
    return starts


def _whole_row(line: str, ahead: Iterator[tuple[int, str]], number: int, line_end: str) -> str:
    """The row that begins with `line`, whose last quote is still open, with its further lines.

    A line like a row of its own within it shows that two quotes stand there that belong to none.
    """
    parts, size = [line], len(line)
    form, commas = _form_of_first(line), _QUOTED_FIELD.sub("", line).count(",")
    for _, more in ahead:
        if more.count(",") >= max(commas, 1) and form and _form_of_first(more) == form:
            refuse("ROW-QUOTING", line=number)
        parts.append(more)
        size += len(more)
        if more.count('"') % 2:
            return line_end.join(parts)
        if size > MAX_ROW_BYTES:
            refuse("FIELD-SIZE", line=number)
    refuse("ROW-QUOTING", line=number)


def _form_of_first(line: str) -> str:
    """The form of its first cell, where that holds a digit: its number, as other rows have one."""
    first = line.partition(",")[0].strip('"')
    form = re.sub("[a-z]", "a", re.sub("[0-9]", "0", first.casefold()))
    return form if "0" in form else ""


def _check_form(row: str, number: int) -> None:
    """Refuse a row with faulty quoting, a stray line end or an oversized field."""
    if len(row) > MAX_FIELD and (
        len(row.encode()) > MAX_ROW_BYTES
        or max(len(field) for field in _FIELD.findall(row)) > MAX_FIELD
    ):
        refuse("FIELD-SIZE", line=number)
    if not _RECORD.fullmatch(row):
        stray = re.search("[\r\n]", _QUOTED_FIELD.sub("", row))
        refuse("FILE-LINE-ENDS" if stray else "ROW-QUOTING", line=number)
