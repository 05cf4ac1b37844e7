"""The figures ledger: every figure as it was when a build first gave it, never changed or removed.

Rows leave the source systems' extracts after two to six years, and records are corrected late. The
ledger keeps what was worked out from them, so that history stays in the mart after its rows have
gone, and a figure that differs from what was shown before can say so.
"""

from dataclasses import dataclass
from pathlib import Path

from orchestration.deliveries.layout import put_in_place

COLUMNS = {
    "indicator_id": "varchar",
    "geography_code": "varchar",
    "period_type": "varchar",
    "period_start": "date",
    "period_end": "date",
    "breakdown": "varchar",
    "breakdown_value": "varchar",
    "numerator": "decimal(18, 6)",
    "denominator": "decimal(18, 6)",
    "value": "decimal(18, 6)",
    "month_end_mean": "decimal(18, 6)",
    "origin": "varchar",
    "is_provisional": "boolean",
    "definition": "varchar",
    "recorded_at": "timestamp",
    "delivery_month": "varchar",
    "code_version": "varchar",
    "record_no": "bigint",
}
"""Columns of a file; `recorded_at` (UTC) is when the newest delivery behind the figure was
received, so that it says nothing of the clock; `record_no` counts the files."""

_KEY = (
    "indicator_id, geography_code, period_type, period_start, period_end, breakdown,"
    " breakdown_value"
)
_SIDES = ("numerator", "denominator", "value", "month_end_mean")
_TOLD = (*_SIDES, "origin", "is_provisional", "definition")


@dataclass(frozen=True)
class Recorded:
    """`figures` were new or other than when last recorded, and are in `file` (None: there were
    none)."""

    figures: int
    file: Path | None


def make_figures_ledger(folder: Path) -> None:
    """Make the ledger's folder with a first file without figures, so that reading never fails."""
    first = folder / "0.parquet"
    if not first.exists():
        folder.mkdir(parents=True, exist_ok=True)
        nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in COLUMNS.items())
        _write(f"select {nothing} limit 0", first)


def record_figures(
    build: Path, folder: Path, received_at: str, delivery_month: str, code_version: str
) -> Recorded:
    """Append what the green build `build` gives otherwise than the ledger in `folder`.

    `received_at` (ISO 8601, UTC) is the receipt of the newest delivery, `delivery_month` (YYYY-MM)
    its month. A second call for the same build appends nothing.
    """
    import duckdb

    files = [file for file in folder.glob("*.parquet") if file.stem.isdecimal()]
    number = max(int(file.stem) for file in files) + 1
    sides = ", ".join(f"cast({name} as {COLUMNS[name]}) as {name}" for name in _SIDES)
    differs = " or ".join(f"now.{name} is distinct from known.{name}" for name in _TOLD)
    changed = f"""
        with recorded as (
            select *, row_number() over (partition by {_KEY} order by record_no desc) as newest
            from read_parquet('{_literal(folder)}/*.parquet')
        ),

        known as (select * from recorded where newest = 1),

        now as (
            select {_KEY}, {sides}, origin, is_provisional, definition
            from build.figures.int_current_figures
        )

        select now.*,
            cast($received_at as timestamptz) at time zone 'UTC' as recorded_at,
            $delivery_month as delivery_month,
            $code_version as code_version,
            cast($number as bigint) as record_no
        from now
        left join known using ({_KEY})
        where known.record_no is null or {differs}
        order by all
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_literal(build)}' as build (read_only)")
        connection.execute(
            f"create table changed as {changed}",
            {
                "received_at": received_at,
                "delivery_month": delivery_month,
                "code_version": code_version,
                "number": number,
            },
        )
        [(figures,)] = connection.execute("select count(*) from changed").fetchall()
        if not figures:
            return Recorded(0, None)
        file = folder / f"{number}.parquet"
        _write("from changed", file, connection)
    return Recorded(figures, file)


def _write(query: str, target: Path, connection: object = None) -> None:
    import duckdb

    with put_in_place(target, forbidden=0o222) as temporary:
        (connection or duckdb).execute(
            f"copy ({query}) to '{_literal(temporary)}' (format parquet, compression zstd)"
        )


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")
