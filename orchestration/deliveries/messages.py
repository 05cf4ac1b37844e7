"""Every finding of a check-in: its code, its texts (of `texts`) and its one-line form.

No text here or built from here ever holds a cell's value, a delivered header or a file name that
is not the contract's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from orchestration.deliveries.texts.code_text import CodeText
from orchestration.deliveries.texts.files import FILES
from orchestration.deliveries.texts.remarks import REMARKS
from orchestration.deliveries.texts.returns import RETURNS
from orchestration.deliveries.texts.rows import ROWS
from orchestration.deliveries.texts.storage import STORAGE
from orchestration.deliveries.texts.system import SYSTEM

CODES: Mapping[str, CodeText] = MappingProxyType(
    {**FILES, **RETURNS, **ROWS, **REMARKS, **STORAGE, **SYSTEM}
)


@dataclass(frozen=True)
class Finding:
    """One thing found in a delivery. `line` is the first line concerned, `count` how many."""

    code: str
    line: int | None
    column: str | None
    what: str
    expected: str
    do: str
    count: int = 1
    file: str = ""
    meanwhile: str = ""

    def __str__(self) -> str:
        """`CODE | file | line | column | what | expected | what to do | what happens meanwhile`"""
        where = "-" if self.line is None else f"line {self.line}"
        what = self.what if self.count == 1 else f"{self.what} ({self.count} times, first here)"
        parts = (self.code, self.file, where, self.column or "-", what, self.expected, self.do)
        return " | ".join((*parts, self.meanwhile))

    def placed(self, file: str, meanwhile: str) -> "Finding":
        """The same finding, with the file it is about and what happens meanwhile."""
        return replace(self, file=file, meanwhile=meanwhile)


def finding(
    code: str,
    *,
    line: int | None = None,
    column: str | None = None,
    what: str | None = None,
    expected: str | None = None,
    count: int = 1,
) -> Finding:
    """A finding with the texts of its code; `what` and `expected` may be made more precise."""
    text = CODES[code]
    return Finding(code, line, column, what or text.what, expected or text.expected, text.do, count)


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each code was found."""
    counts: dict[str, int] = {}
    for found in findings:
        counts[found.code] = counts.get(found.code, 0) + found.count
    return counts


def refuses(findings: Iterable[Finding]) -> bool:
    """Whether one of them refuses the file."""
    return any(CODES[found.code].outcome == "refuse" for found in findings)
