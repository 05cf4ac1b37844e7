"""Lines with which a report ends: its total, its count of rows, who ran it and when."""

import re
from collections.abc import Iterator

_COUNTED = "rows?|records?|lines?|entries|items?|results?|cases?|clients?|children|people|persons"
_TOLD = "generated|created|produced|prepared|printed|exported|extracted|downloaded|refreshed|run"
_ANY = r"[^\x1f]*"
_SIGNS = r"[^a-z0-9\x1f]*"
CLOSING = (
    rf"(?i:{_SIGNS}(?:"
    rf"(?:(?:grand|sub|overall|report|running)[ -]?)?totals?(?:[ :=(-]{_ANY})?"
    r"|(?:sum|overall|count|(?:row|record) ?count)(?:[ :=][ :=-]*[0-9.,]+)?"
    rf"|(?:number|no[.]?|count) of {_ANY}"
    r"|(?:rows|records|lines|items|results)(?: [a-z]+)?[ :=][ :=-]*[0-9.,]+"
    rf"|[0-9.,]+ (?:{_COUNTED})(?: {_ANY})?"
    rf"|end|eof|end of {_ANY}|page [0-9]+(?: of [0-9]+)?"
    r"|(?:report|extract|export|query|file|list|data|date|time)s?"
    rf" (?:{_TOLD}|ends?|ended|completed|as at|as of|of|by|on)(?:[ :]{_ANY})?"
    rf"|(?:{_TOLD}) (?:by|on|at|from|for|date|time|in)(?:[ :]{_ANY})?"
    rf"|(?:completion time|elapsed time|as at)(?:[ :]{_ANY})?"
    rf"|(?:source|filters?|applied filters|parameters?|criteria|author|user|notes?|report) ?:{_ANY}"
    rf"|(?:official|confidential|restricted|sensitive|not protectively marked)(?:[ :-]{_ANY})?"
    rf")?{_SIGNS})"
)
"""What stands in a cell of such a line, or signs that rule it off, as a regular expression for
Python and DuckDB: words that are in no identifier, and no sign that parts cells."""
_CLOSING = re.compile(CLOSING)


def with_whole_ends(content: bytes, end: bytes, width: int) -> bytes:
    """The content, its last lines as wide as the header where they are such lines; those that hold
    blanks alone are left out."""
    stop, whole = len(content), []
    for start in _starts_of_last(content, end):
        line = content[start:stop].decode().removesuffix(end.decode())
        bare = line.strip(", \t\xa0")
        text = bare.replace(",", " ")
        if bare and ('"' in line or not _CLOSING.fullmatch(text)):
            break
        first = bare.partition(",")[0]
        if line.count(",") + 1 == width and (not bare or _CLOSING.fullmatch(first)):
            whole.append(line)
        elif bare:
            whole.append(text + "," * (width - 1))
        stop = start
    if stop == len(content) or start == 0:
        return content
    return content[:stop] + b"".join(line.encode() + end for line in reversed(whole))


def _starts_of_last(content: bytes, end: bytes) -> Iterator[int]:
    """Where each line begins, the last first."""
    stop = len(content)
    while stop:
        found = content.rfind(end, 0, max(stop - len(end), 0))
        stop = found + len(end) if found >= 0 else 0
        yield stop
