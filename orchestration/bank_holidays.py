"""The days on which nobody works."""

import csv
from datetime import date
from pathlib import Path


def read_bank_holidays(seeds: Path) -> frozenset[date]:
    """Bank holidays of England from the reference seed."""
    with (seeds / "reference" / "bank_holidays.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(date.fromisoformat(row["holiday_date"]) for row in csv.DictReader(lines))
