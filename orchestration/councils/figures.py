"""What a council's build gives to the pool: figures, and never a row about a child."""

from datetime import date
from pathlib import Path

from orchestration.files import put_in_place

COLUMNS = {
    "geography_code": "varchar",
    "as_at": "date",
    "indicator_id": "varchar",
    "period_id": "varchar",
    "period_type": "varchar",
    "period_start": "date",
    "period_end": "date",
    "breakdown": "varchar",
    "breakdown_value": "varchar",
    "numerator": "decimal(18, 6)",
    "denominator": "decimal(18, 6)",
    "numerator_squares": "decimal(38, 6)",
    "value": "decimal(18, 6)",
    "origin": "varchar",
    "is_provisional": "boolean",
    "made_of": "varchar",
}
"""Columns of the file; `as_at` is the month end that the build speaks for, `made_of` stands for the
definition that a figure was worked out by."""


def write_figures(build: Path, council: str, as_at: date, target: Path) -> int:
    """Write the figures of `council` that the green build `build` gives; how many.

    Raises `OSError` and `duckdb.Error`; the file is then as it was.
    """
    import duckdb

    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in COLUMNS.items())
    with duckdb.connect(str(build), read_only=True) as connection:
        figures = connection.sql(
            f"""
            select {columns}
            from (
                select figures.*, cast($as_at as date) as as_at, definitions.definition as made_of
                from figures.int_figures as figures
                left join figures.int_definitions as definitions using (indicator_id)
                where figures.geography_code = $council
            ) order by all
            """,
            params={"as_at": as_at, "council": council},
        )
        with put_in_place(target, forbidden=0o027) as temporary:
            figures.write_parquet(str(temporary), compression="zstd")
        return len(figures)
