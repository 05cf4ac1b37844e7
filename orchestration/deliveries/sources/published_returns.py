"""A delivery of figures that were really published, for the drop folder of a fresh clone.

Two sources under `seeds/returns`: the number of referrals by month of every English authority,
and what two councils told their committees. They become one delivery of indicator returns.
"""

import csv
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.contract.extracts import INDICATOR_RETURNS
from orchestration.files import put_in_place

MONTH = "2022-03"  # the newest month in the sources

_REFERRALS_NOTE = "Department for Education, Children in need: referrals by month"
_ORDER = ("indicator_id", "geography_code", "period_type", "period_start")
_Row = Mapping[str, Any]


def fill(incoming: Path, referrals: Iterable[_Row], figures: Iterable[_Row]) -> Path | None:
    """Write `incoming/2022-03/indicator_returns.csv`; None where there is nothing to write.

    `referrals` are rows of `referrals_by_month`, `figures` of `published_council_figures`, both as
    `orchestration/reference/returns.yml` describes them.
    """
    rows = [
        {name: _text(row.get(name)) for name in INDICATOR_RETURNS.column_names}
        for row in (*map(_return, referrals), *figures)
    ]
    if not rows:
        return None
    target = incoming / MONTH / INDICATOR_RETURNS.file_name
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        put_in_place(target) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as opened,
    ):
        writer = csv.DictWriter(opened, INDICATOR_RETURNS.column_names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: [row[name] for name in _ORDER]))
    return target


def _return(row: _Row) -> _Row:
    first: date = row["month_start"]
    return {
        "indicator_id": "referrals_count",
        "geography_code": row["geography_code"],
        "period_type": "month",
        "period_start": first,
        "period_end": first.replace(day=monthrange(first.year, first.month)[1]),
        "numerator": row["referrals"],
        "source_note": _REFERRALS_NOTE,
    }


def _text(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return "" if cell is None else str(cell)
