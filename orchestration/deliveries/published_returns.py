"""A delivery of figures that were really published, for the drop folder of a fresh clone.

Two sources under `seeds/returns`: the number of referrals by month of every English authority,
and what two councils told their committees. They become one delivery of indicator returns.
"""

import csv
from pathlib import Path

import duckdb

from orchestration.deliveries import archive
from orchestration.deliveries.contract import INDICATOR_RETURNS
from orchestration.deliveries.layout import put_in_place

MONTH = "2022-03"  # the newest month in the sources

_REFERRALS_NOTE = "Department for Education, Children in need: referrals by month"


def fill(incoming: Path, seeds: Path) -> Path:
    """Write `incoming/2022-03/indicator_returns.csv` from `seeds/returns`."""
    target = incoming / MONTH / INDICATOR_RETURNS.file_name
    target.parent.mkdir(parents=True, exist_ok=True)
    names = ", ".join(INDICATOR_RETURNS.column_names)
    with duckdb.connect(":memory:") as connection, put_in_place(target) as temporary:
        rows = connection.execute(
            f"""
            with referrals as (
                select
                    'referrals_count' as indicator_id, geography_code, 'month' as period_type,
                    month_start as period_start, last_day(month_start) as period_end,
                    cast(referrals as varchar) as numerator,
                    null as denominator, null as value, $note as source_note
                from read_parquet($referrals)
            ),
            figures as (
                select {names} from read_csv(
                    $figures, header = true, delim = ',', quote = '"', all_varchar = true
                )
            )
            select {names} from referrals union all by name select {names} from figures
            order by indicator_id, geography_code, period_type, period_start
            """,
            {
                "note": _REFERRALS_NOTE,
                "referrals": archive.readable(seeds / "returns" / "referrals_by_month.parquet"),
                "figures": archive.readable(seeds / "returns" / "published_council_figures.csv"),
            },
        ).fetchall()
        with temporary.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(INDICATOR_RETURNS.column_names)
            writer.writerows(rows)
    return target
