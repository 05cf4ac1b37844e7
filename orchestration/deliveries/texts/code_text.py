"""What is said of a code, and what follows from it."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["refuse", "quarantine", "warn", "stop"]


@dataclass(frozen=True)
class CodeText:
    """The fixed texts of a code. `do` is the one recovery step for whoever reads the message.

    Outcome `refuse` refuses the file, `quarantine` sets rows aside, `warn` accepts and says so,
    `stop` is a fault of the system and not of the delivery.
    """

    level: Literal["file", "row"]
    outcome: Outcome
    what: str
    expected: str
    do: str


def of_file(what: str, expected: str, do: str) -> CodeText:
    """It refuses the file."""
    return CodeText("file", "refuse", what, expected, do)


def of_row(what: str, expected: str, do: str) -> CodeText:
    """It sets rows aside."""
    return CodeText("row", "quarantine", what, expected, do)


def remark(level: Literal["file", "row"], what: str, expected: str, do: str) -> CodeText:
    """Accepted, and said."""
    return CodeText(level, "warn", what, expected, do)


def stopped(what: str, expected: str, do: str) -> CodeText:
    """A fault of the system and not of the delivery."""
    return CodeText("file", "stop", what, expected, do)
