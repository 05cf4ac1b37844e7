"""The figures ledger: every figure as it was when a build first gave it, never changed or removed.

Rows leave the source systems' extracts after two to six years, and records are corrected late. The
ledger keeps what was worked out from them, so that history stays in the mart after its rows have
gone, and a figure that differs from what was shown before can say so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.files import put_in_place

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
    "given_at": "timestamp",
    "numerator_squares": "decimal(38, 6)",
}
"""Columns of a file; `recorded_at` (UTC) is when the newest delivery behind the figure was
received, so that it says nothing of the clock; `given_at` (UTC) is when a build first had the
deliveries, code and reference data that gave it; `record_no` counts the files; a `kept` figure
stands whatever the rows say since, because a person among them was forgotten, a provisional one
until the next delivery. Files are read by name: older ones lack what was added later."""

INPUTS = {"inputs": "varchar", "seen_at": "timestamp"}
"""Columns of a file in `inputs/` below the ledger, a row each: what builds were made from, as a
fingerprint, and when (UTC) a build first was. The same inputs once others were there count anew."""

_KEY = (
    "indicator_id, geography_code, period_type, period_start, period_end, breakdown,"
    " breakdown_value"
)
_SIDES = ("numerator", "denominator", "value", "month_end_mean")
_TOLD = (*_SIDES, "numerator_squares", "origin", "is_provisional", "definition")
_SIDES_DIFFER = " or ".join(f"now.{name} is distinct from known.{name}" for name in _SIDES)
# what an older fingerprint stands for cannot be told from a newer one
_SAME_DEFINITION = (
    "(now.definition = known.definition"
    " or split_part(known.definition, ':', 1) <> split_part(now.definition, ':', 1))"
)
_DIFFERS = " or ".join(f"now.{name} is distinct from known.{name}" for name in _TOLD)


@dataclass(frozen=True)
class Recorded:
    """`figures` were new or other than when last recorded, and are in `file` (None: there were
    none)."""

    figures: int
    file: Path | None


def make_figures_ledger(folder: Path) -> None:
    """Make the ledger's folders, each with a first file without rows, so that reading never fails;
    one that lacks a column of today is made anew.

    Raises `OSError` and `duckdb.Error`.
    """
    import duckdb

    for where, columns in ((folder, COLUMNS), (folder / "inputs", INPUTS)):
        first = where / "0.parquet"
        if not first.exists() or duckdb.read_parquet(_literal(first)).columns != list(columns):
            where.mkdir(parents=True, exist_ok=True)
            nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
            _write(f"select {nothing} limit 0", first)


def note_inputs(folder: Path, inputs: str, moment: datetime) -> None:
    """Note for the build to come that `inputs` were first seen at `moment`, unless they are those
    of the build before.

    A clock that was put back never makes them older than those before. Raises `OSError` and
    `duckdb.Error`.
    """
    import duckdb

    noted = folder / "inputs"
    now = moment.astimezone(UTC).replace(tzinfo=None)
    with duckdb.connect() as connection:
        last = connection.execute(
            f"select inputs, seen_at from read_parquet('{_literal(noted)}/*.parquet')"
            " order by seen_at desc limit 1"
        ).fetchone()
        if last and last[0] == inputs:
            return
        seen_at = max(now, last[1] + timedelta(microseconds=1)) if last else now
        connection.execute(
            "create table seen as select $inputs as inputs, cast($seen_at as timestamp) as seen_at",
            {"inputs": inputs, "seen_at": seen_at},
        )
        _write("from seen", noted / f"{_next(noted)}.parquet", connection)


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
            false as kept,
            coalesce(
                (
                    select max(seen_at)
                    from read_parquet('{_literal(folder)}/inputs/*.parquet')
                ),
                cast($received_at as timestamptz) at time zone 'UTC'
            ) as given_at
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
    """Keep every figure that `build` gives otherwise than the ledger, or not at all any more.

    For a build from the very deliveries that the ledger was last recorded from, of which people
    have been taken out since: what differs is what they were counted in. A provisional one is kept
    until the next delivery, with which late records come in. Raises as `record_figures`.
    """
    query = f"""
        select known.* replace (
            case when known.is_provisional then received.received_at else known.recorded_at end
                as recorded_at,
            cast($number as bigint) as record_no,
            true as kept
        )
        from known
        left join now using ({_KEY})
        cross join received
        where known.origin = 'rows' and not known.kept
            and (now.origin is null or ({_SAME_DEFINITION} and ({_SIDES_DIFFER})))
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

    number = _next(folder)
    sides = ", ".join(
        # the mean of a year whose first months have left the rows stands
        f"cast(coalesce(given.{name}, known.{name}) as {COLUMNS[name]}) as {name}"
        if name == "month_end_mean"
        else f"cast(given.{name} as {COLUMNS[name]}) as {name}"
        for name in _SIDES
    )
    tables = f"""
        with received as (
            select max(received_at) as received_at from build.figures.int_current_figures
        ),

        named as (
            select recorded.* replace (
                coalesce(areas.geography_code, recorded.geography_code) as geography_code
            )
            from read_parquet('{_literal(folder)}/*.parquet', union_by_name = true)
                as recorded
            left join build.staging.stg_area_codes as areas
                on recorded.geography_code = areas.any_code
        ),

        recorded as (
            select *, row_number() over (partition by {_KEY} order by record_no desc) as newest
            from named
        ),

        known as (
            select recorded.* exclude (newest) replace (
                kept and (not is_provisional or recorded_at >= received.received_at) as kept
            )
            from recorded
            cross join received
            where newest = 1
        ),

        now as (
            select {_KEY}, {sides}, given.origin, given.is_provisional, given.definition,
                cast(given.numerator_squares as {COLUMNS["numerator_squares"]})
                    as numerator_squares
            from build.figures.int_current_figures as given
            left join known using ({_KEY})
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


def _next(folder: Path) -> int:
    """The number of the next file."""
    numbers = [int(file.stem) for file in folder.glob("*.parquet") if file.stem.isdecimal()]
    return max(numbers) + 1


def _write(query: str, target: Path, connection: object = None) -> None:
    import duckdb

    with put_in_place(target, forbidden=0o222) as temporary:
        (connection or duckdb).execute(
            f"copy ({query}) to '{_literal(temporary)}' (format parquet, compression zstd)"
        )


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")
