"""What is read from files of another format: extracts, and the time that they cover."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from orchestration.deliveries.messages import Finding

MAX_BYTES = 512_000_000
"""Of one file, unpacked."""


@dataclass(frozen=True)
class Span:
    """`data_from` (None: not known) to `as_at`, both days included: outside of it a return says
    nothing.

    Where the return does not say its last day, `as_at` is that of the newest event in it, and
    `until` the last day that it can cover.
    """

    data_from: date | None
    as_at: date
    until: date | None = None


@dataclass(frozen=True)
class Reading:
    """What the files of one return give.

    `tables`: extract -> rows, columns of the contract alone, each cell text as the contract wants
    it (ISO dates, Y or N, codes), empty where nothing is known; a column that the format does not
    have is left out. `covers`: the span of each of those extracts. `council`: the authority's
    three-digit number or nine-character code, empty where the files do not say it. `remarks` are
    findings with sheet or element in `what` and the row in `line`, never a cell.
    """

    tables: Mapping[str, pd.DataFrame]
    covers: Mapping[str, Span]
    council: str = ""
    remarks: Sequence[Finding] = field(default_factory=tuple)


class UnreadableError(Exception):
    """The files cannot be read; `finding` says why. None of them is used."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True)
class Look:
    """What can be seen of a file without reading it whole: its first 64 kB, as bytes and, where it
    is text, as text; the names of an archive's members or of a workbook's sheets."""

    file: Path
    beginning: bytes
    text: str
    members: tuple[str, ...]
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class Format:
    """A format: its name in `contract/formats.yml`; `part_of` says which part of it a file is, ""
    where it is not of this format; `read` gets the files of one return, by part. Where `is_set`,
    the parts that lie in one folder are one return; otherwise each file is one by itself.

    `read` raises `UnreadableError`, and no other exception whatever the files hold.
    """

    name: str
    part_of: Callable[[Look], str]
    read: Callable[[Mapping[str, Sequence[Path]]], Reading]
    is_set: bool = False
