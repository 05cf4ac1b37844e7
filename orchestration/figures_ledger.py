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
    "kept": "boolean",
}
"""Columns of a file; `recorded_at` (UTC) is when the newest delivery behind the figure was
received, so that it says nothing of the clock; `record_no` counts the files; a `kept` figure stands
whatever the rows say since, because a person among them was forgotten."""

_KEY = (
    "indicator_id, geography_code, period_type, period_start, period_end, breakdown,"
    " breakdown_value"
)
_SIDES = ("numerator", "denominator", "value", "month_end_mean")
_TOLD = (*_SIDES, "origin", "is_provisional", "definition")
_SIDES_DIFFER = " or ".join(f"now.{name} is distinct from known.{name}" for name in _SIDES)
_DIFFERS = " or ".join(f"now.{name} is distinct from known.{name}" for name in _TOLD)


@dataclass(frozen=True)
class Recorded:
    """`figures` were new or other than when last recorded, and are in `file` (None: there were
    none)."""

    figures: int
    file: Path | None


def make_figures_ledger(folder: Path) -> None:
    """Make the ledger's folder with a first file without figures, so that reading never fails.

    Raises `OSError` and `duckdb.Error`.
    """
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
    its month. A second call for the same build appends nothing. Raises `OSError` and
    `duckdb.Error`; the ledger is then as it was.
    """
    query = f"""
        select now.*,
            cast($received_at as timestamptz) at time zone 'UTC' as recorded_at,
            $delivery_month as delivery_month,
            $code_version as code_version,
            cast($number as bigint) as record_no,
            false as kept
        from now
        left join known using ({_KEY})
        where known.record_no is null or (not known.kept and ({_DIFFERS}))
        order by all
    """
    said = {
        "received_at": received_at,
        "delivery_month": delivery_month,
        "code_version": code_version,
    }
    return _append(build, folder, query, said)


def keep_figures(build: Path, folder: Path) -> Recorded:
    """Keep every final figure that `build` gives otherwise than the ledger, or not at all any more.

    For a build from the very deliveries that the ledger was last recorded from, of which people
    have been taken out since: what differs is what they were counted in. Raises as
    `record_figures`.
    """
    told = ", ".join(f"known.{name}" for name in COLUMNS if name not in ("record_no", "kept"))
    query = f"""
        select {told}, cast($number as bigint) as record_no, true as kept
        from known
        left join now using ({_KEY})
        where known.origin = 'rows' and not known.kept and not known.is_provisional
            and (now.origin is null or (now.definition = known.definition and ({_SIDES_DIFFER})))
            and exists (
                select 1 from build.figures.int_row_figures as standing
                where standing.indicator_id = known.indicator_id
                    and standing.geography_code = known.geography_code
                    and standing.period_type = known.period_type
                    and standing.period_start <= known.period_start
            )
        order by all
    """
    return _append(build, folder, query, {})


def _append(build: Path, folder: Path, query: str, said: dict[str, str]) -> Recorded:
    """Write the rows of `query`, over `now` (the build) and `known` (the ledger), as a file."""
    import duckdb

    files = [file for file in folder.glob("*.parquet") if file.stem.isdecimal()]
    number = max(int(file.stem) for file in files) + 1
    sides = ", ".join(f"cast({name} as {COLUMNS[name]}) as {name}" for name in _SIDES)
    tables = f"""
        with recorded as (
            select *, row_number() over (partition by {_KEY} order by record_no desc) as newest
            from read_parquet('{_literal(folder)}/*.parquet')
        ),

        known as (select * exclude (newest) from recorded where newest = 1),

        now as (
            select {_KEY}, {sides}, origin, is_provisional, definition
            from build.figures.int_current_figures
        )
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_literal(build)}' as build (read_only)")
        connection.execute(f"create table changed as {tables} {query}", {**said, "number": number})
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
