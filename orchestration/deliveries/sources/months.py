"""Which months can be delivered: those that are over, from the first that figures are read for.

A folder of any other month is a slip of the pen. Its position would pass for the newest one and
hide the real ones until that month has come.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import read_receipts
from orchestration.deliveries.messages import Finding, finding
from orchestration.reference.calendar import is_month

FIRST_MONTH = "2012-04"
_LONDON = ZoneInfo("Europe/London")
_LIKE_A_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_LIKE_A_COUNCIL = re.compile(r"[EX]\d{8}", re.ASCII)


@dataclass(frozen=True)
class RefusedMonth:
    """A month that nothing can be delivered for, and why; its `name` is digits and a hyphen."""

    name: str
    why: str
    meanwhile: str = "nothing in this folder is read; other months are"

    def finding(self) -> Finding:
        """As a message."""
        return finding("MONTH-REFUSED", what=self.why).placed(self.name, self.meanwhile)


def today_in_london(moment: datetime | None = None) -> date:
    """The day there at `moment`, now where it is not said: months end and begin by it."""
    return (moment or datetime.now(UTC)).astimezone(_LONDON).date()


def last_month(today: date) -> str:
    """The newest month (YYYY-MM) that is over."""
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def can_be_delivered(name: str, today: date) -> bool:
    """Whether `name` is a month (YYYY-MM) whose position as at its end may be there."""
    return is_month(name) and FIRST_MONTH <= name <= last_month(today)


def month_folders(incoming: Path, today: date) -> list[Path]:
    """The folders of months that can be delivered, oldest first."""
    found = incoming.iterdir() if incoming.is_dir() else ()
    return sorted(each for each in found if can_be_delivered(each.name, today) and each.is_dir())


def refused_folders(incoming: Path, today: date) -> Iterator[RefusedMonth]:
    """Folders that are named like a month and are none that can be delivered, in their order."""
    for folder in sorted(incoming.iterdir()) if incoming.is_dir() else ():
        if folder.is_dir() and (why := why_refused(folder.name, today)):
            yield RefusedMonth(folder.name, why)


def months_ahead(paths: Paths, today: date) -> Iterator[RefusedMonth]:
    """Months not over that were accepted, as by an earlier version. Raises `LedgerError`."""
    accepted = {r.delivery_month for r in read_receipts(paths) if r.outcome == "accepted"}
    for month in sorted(accepted):
        if month > last_month(today):
            what = "a delivery was accepted for a month that is not over yet"
            meanwhile = "its rows pass for the newest ones, and those of other months are hidden"
            yield RefusedMonth(month, what, meanwhile)


def is_of_a_council(name: str) -> bool:
    """Whether a folder is named by a council's code: in it lie that council's months, and nothing
    of it is this drop folder's own."""
    return _LIKE_A_COUNCIL.fullmatch(name) is not None


def why_refused(name: str, today: date) -> str:
    """Why nothing is taken from a folder of this name; empty where it is not like a month.

    A year of returns (2024-25) is a folder of one's own.
    """
    if can_be_delivered(name, today) or not _LIKE_A_MONTH.fullmatch(name):
        return ""
    year, number = int(name[:4]), int(name[5:])
    if not is_month(name):
        is_a_year = number == (year + 1) % 100
        return "" if is_a_year else "a folder named like a month that no calendar has"
    if name < FIRST_MONTH:
        return f"a folder of a month before {FIRST_MONTH}, the first that figures are read for"
    return "a folder of a month that is not over yet"
