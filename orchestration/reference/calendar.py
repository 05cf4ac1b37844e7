"""Months by name, and the days on which nobody works."""

import calendar
import re
from datetime import date

from orchestration.reference.tables import Reference

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def is_month(text: str) -> bool:
    """Whether `text` is a month as YYYY-MM."""
    return _MONTH.fullmatch(text) is not None


def month_end(month: str) -> date:
    """The last day of `month` (YYYY-MM)."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def read_bank_holidays(reference: Reference) -> frozenset[date]:
    """Bank holidays of England."""
    return frozenset(reference.table("bank_holidays").column("holiday_date"))
