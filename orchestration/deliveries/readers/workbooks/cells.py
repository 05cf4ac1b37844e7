"""Cells of a workbook as the contract writes them: days, identifiers, flags, codes, numbers.

Each function here takes one cell and gives its text, "" for nothing and None for what it cannot be;
`texts` asks once for each different cell.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

Reads = Callable[[Any], str | None]

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]\d.*)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d.*)?")
_MONTH_NAMED = re.compile(r"(\d{1,2})[ /-]([A-Za-z]{3})[A-Za-z]*[ /-](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# days as numbers from 1927 to 2118: a year or an age is none of them
SERIALS = range(10_000, 80_000)
# "a) Yes", "p1) 5D: LA services", "(A) Long term": what is before a label
_NUMBERED = re.compile(r"^(?:\(?[A-Za-z]{1,2}\d?\)\s*|CLA - )")
_CODE = re.compile(r"^\(?([A-Za-z]{0,2}\d{0,2}[A-Za-z]?)\)?(?=$|[\s:,;–-])")
# "b) Community home": the label's place in a list, which the code B is not
_LETTERED = re.compile(r"^[A-Za-z]{1,2}\)")
_CODE_BEHIND = re.compile(r"\[([A-Za-z]\d{1,2}[A-Za-z]?)\]$")
_YES = frozenset({"y", "yes", "1", "true"})
_NO = frozenset({"n", "no", "0", "false"})


def texts(cells: Sequence[Any], reads: Reads) -> "tuple[pd.Series[str], pd.Series[bool]]":
    """The cells as text ("" where there is none), and which of them could not be read."""
    read = {cell: reads(cell) for cell in set(cells)}
    column = pd.Series([read[cell] for cell in cells], dtype=object)
    unread = column.isna()
    return column.mask(unread, ""), unread


def text(cell: Any) -> str:
    """As it stands, without spaces around and with those inside made plain."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return " ".join(str(cell).split())


def day_from(first_day: date) -> Reads:
    """Reads days, a number as so many days after `first_day`."""

    def day(cell: Any) -> str | None:
        if isinstance(cell, date):
            return cell.isoformat()[:10]
        if isinstance(cell, bool):
            return None
        if isinstance(cell, int | float):
            is_serial = int(cell) in SERIALS
            return (first_day + timedelta(days=int(cell))).isoformat() if is_serial else None
        return _written_day(text(cell))

    return day


def _written_day(written: str) -> str | None:
    if not written:
        return ""
    if found := _DAY_FIRST.fullmatch(written):
        numbers = (found[3], found[2], found[1])
    elif found := _YEAR_FIRST.fullmatch(written):
        numbers = (found[1], found[2], found[3])
    elif (found := _MONTH_NAMED.fullmatch(written)) and found[2].lower() in _MONTHS:
        numbers = (found[3], str(_MONTHS.index(found[2].lower()) + 1), found[1])
    else:
        return None
    try:
        return date(*map(int, numbers)).isoformat()
    except ValueError:
        return None


def flag(cell: Any) -> str | None:
    """Y or N, from "a) Yes", "No", "Y" or a truth value; nothing for what is neither."""
    answer = _NUMBERED.sub("", text(cell)).strip().lower()
    return "Y" if answer in _YES else "N" if answer in _NO else ""


def code_of(codes: Collection[str], words: Mapping[str, str]) -> Reads:
    """Reads labels: one that is a code or has it in front or behind ("f) U6: Foster placement",
    "N1 - Abuse", "Care order [C2]"), or what `words`, in small letters, say that it means. Another
    label stays as it is: the council's own map of codes may know it, and what nobody knows is
    counted."""
    known = {each.lower(): each for each in codes} | dict(words)

    def code(cell: Any) -> str | None:
        label = text(cell)
        bare = _NUMBERED.sub("", label)
        for whole in (label, bare):
            if whole.lower() in known:
                return known[whole.lower()]
        for part in (bare,) if _LETTERED.match(label) else (bare, label):
            found = _CODE.match(part) or _CODE_BEHIND.search(part)
            if found and found[1].lower() in known:
                return known[found[1].lower()]
        return label

    return code
