"""One cell of reference data as a typed value."""

import calendar
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from orchestration.reference.contract import Column

AREA = re.compile(r"[A-Z]\d{8}")
EVERY = "*"

EXPECTED = {
    "date": "a day as 2026-03-31 or 31/03/2026",
    "month": "a month as 2026-03",
    "integer": "a whole number",
    "decimal": "a number as 92.5, without a sign for per cent or thousands",
    "area": "a code as in seeds/reference/authorities.csv",
}
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if number}


def is_month_first(cell: Any) -> bool | None:
    """Whether a day is written month first; None where that cannot be told, or it is written in
    another way."""
    found = _DAY_FIRST.fullmatch(cell.partition(" ")[0]) if isinstance(cell, str) else None
    first, second = (int(found[1]), int(found[2])) if found else (0, 0)
    return None if (first > 12) is (second > 12) else second > 12


def is_day_or_month_first(cell: Any) -> bool:
    """Whether the day may be its first number or its second one."""
    found = _DAY_FIRST.fullmatch(cell.partition(" ")[0]) if isinstance(cell, str) else None
    return found is not None and int(found[1]) != int(found[2]) and is_month_first(cell) is None


class NotTyped(ValueError):
    """The cell is no value of its column."""


def typed(column: Column, cell: Any, *, decimal_comma: bool = False) -> Any:
    """The value of a cell, text or already typed; None where it is empty. Raises `NotTyped`.

    Days are also taken as 31/03/2026, day first, and months as Mar-26, which is what Excel makes of
    2026-03; codes and ids in any case.
    """
    if cell is None or (isinstance(cell, str) and not cell):
        return None
    if column.every and cell == EVERY:
        return EVERY
    try:
        return _READ[column.type](cell, column, decimal_comma)
    except (ValueError, InvalidOperation, OverflowError):
        raise NotTyped from None


def _text(cell: Any, column: Column, _comma: bool) -> str:
    text = str(cell)
    if column.pattern and not re.fullmatch(column.pattern, text):
        raise ValueError
    return text


def _code(cell: Any, column: Column, _comma: bool) -> str:
    spelt = {code.lower(): code for code in column.allowed}
    if str(cell).lower() not in spelt:
        raise ValueError
    return spelt[str(cell).lower()]


def _area(cell: Any, column: Column, _comma: bool) -> str:
    code = str(cell).upper()
    if not AREA.fullmatch(code):
        raise ValueError
    return code


def _id(cell: Any, column: Column, comma: bool) -> str:
    return _text(str(cell).lower(), column, comma)


def _date(cell: Any, _column: Column, _comma: bool) -> date:
    if isinstance(cell, datetime):
        cell = cell.date()
    if not isinstance(cell, date):
        text = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", cell)
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year = map(int, found.groups())
            cell = date(year, month, day)
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            cell = date.fromisoformat(text)
        else:
            raise ValueError
    if not 1990 <= cell.year <= 2100:
        raise ValueError
    return cell


def _month(cell: Any, column: Column, comma: bool) -> date:
    """The last day of the month."""
    if isinstance(cell, str):
        if found := re.fullmatch(r"(\d{4})-(\d{2})", cell):
            day = date(int(found[1]), int(found[2]), 1)
        elif found := re.fullmatch(r"([A-Za-z]{3})[ -](\d{2})", cell):
            day = date(2000 + int(found[2]), _MONTHS.get(found[1].lower(), 0), 1)
        else:
            day = _date(cell, column, comma)
    else:
        day = _date(cell, column, comma)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _integer(cell: Any, column: Column, comma: bool) -> int:
    if isinstance(cell, str) and not re.fullmatch(r"-?\d{1,15}", cell):
        raise ValueError
    return int(_bounded(Decimal(cell), column))


def _decimal(cell: Any, column: Column, comma: bool) -> Decimal:
    if isinstance(cell, str):
        text = cell.replace(",", ".") if comma else cell
        if not re.fullmatch(r"-?\d{1,12}(\.\d+)?", text):
            raise ValueError
        number = Decimal(text)
    else:
        number = Decimal(str(cell))
    if abs(number) >= 10**12:
        raise ValueError
    return round(_bounded(number, column), column.scale)


def _bounded(number: Decimal, column: Column) -> Decimal:
    if not number.is_finite():
        raise ValueError
    if column.low is not None and number < column.low:
        raise ValueError
    if column.high is not None and number > column.high:
        raise ValueError
    return number


_READ = {
    "text": _text,
    "code": _code,
    "area": _area,
    "id": _id,
    "date": _date,
    "month": _month,
    "integer": _integer,
    "decimal": _decimal,
}


def expected(column: Column) -> str:
    """What a cell of the column should hold, in words."""
    if column.expected:
        return column.expected
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    told = EXPECTED.get(column.type, "a text")
    if column.low is not None and column.high is not None:
        told += f" from {column.low:g} to {column.high:g}"
    elif column.low is not None:
        told += f" of at least {column.low:g}"
    return told + (f", or {EVERY}" if column.every else "")
