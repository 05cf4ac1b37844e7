"""How the checks are left at a finding after which nothing more can be said about the file."""

from typing import NoReturn

from orchestration.deliveries.messages import Finding, finding


class Refused(Exception):
    """Leaves the checks at a finding after which nothing more can be said about the file."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.found = found


def refuse(
    code: str,
    *,
    line: int | None = None,
    column: str | None = None,
    what: str | None = None,
    expected: str | None = None,
    count: int = 1,
) -> NoReturn:
    raise Refused(
        finding(code, line=line, column=column, what=what, expected=expected, count=count)
    )
