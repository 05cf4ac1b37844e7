"""A made-up pool: figures of councils with everything that can be the matter with them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.councils.figures import COLUMNS
from orchestration.councils.pool import Council
from orchestration.publication.last_run import FIGURES
from orchestration.region.council_figures import gather
from tests.figures.compiled import Compiled

SOUTH_EAST = ("E06000036", "E06000037", "E06000038", "E06000039", "E06000040", "E06000041")
LONDON = ("E09000007", "E09000012", "E09000002", "E09000003", "E09000004")
NORTH_EAST = ("E06000005",)

Row = dict[str, Any]
MODELS = ("kpi_region", "kpi_region_councils", "stg_indicators")

INDICATORS: Mapping[str, tuple[str, str]] = {
    "referrals_count": ("count", "period_flow_count"),
    "missing_children_count": ("count", "period_distinct_count"),
    "cic_count": ("count", "snapshot_count"),
    "assessments_within_45wd_pct": ("percent", "period_flow_ratio"),
    "rereferrals_12m_pct": ("percent", "period_flow_ratio"),
    "cl_suitable_accommodation_pct": ("percent", "snapshot_ratio"),
    "practice_audits_good_pct": ("percent", "period_flow_ratio"),
    "cic_rate_per_10k": ("rate_per_10k", "snapshot_ratio"),
    "pre_proceedings_avg_weeks": ("weeks", "period_mean"),
    "missing_duration_median_hours": ("hours", "period_median"),
    "sw_caseload_avg": ("cases", "snapshot_ratio"),
}
"""Unit and time basis, as the catalogue has them."""

PERIODS = (
    ("rolling_12m", date(2025, 4, 1), date(2026, 3, 31)),
    ("rolling_12m", date(2024, 4, 1), date(2025, 3, 31)),
    ("year_to_date", date(2025, 4, 1), date(2026, 2, 28)),
    ("year_to_date", date(2023, 4, 1), date(2024, 2, 29)),
    ("year_to_date", date(2024, 4, 1), date(2025, 2, 28)),
    ("month", date(2026, 3, 1), date(2026, 3, 31)),
)
PARTS = {
    "assessments_within_45wd_pct": ("delay_reason", "rest", ("staffing", "family")),
    "cl_suitable_accommodation_pct": ("unsuitable_type", "whole", ("custody", "none")),
    "cic_count": ("setting", "split", ("kinship", "other")),
}
"""Breakdown, what its parts are shares of, and the parts."""


def members() -> list[Council]:
    """Some come late, one leaves, some keep small numbers to themselves."""
    codes = (*SOUTH_EAST, *LONDON, *NORTH_EAST)
    spans: dict[str, tuple[date | None, date | None]] = {
        SOUTH_EAST[1]: (date(2025, 4, 1), None),
        SOUTH_EAST[2]: (None, date(2025, 12, 1)),
    }
    hushed = {SOUTH_EAST[3], LONDON[0]}
    return [
        Council(
            code,
            *spans.get(code, (None, None)),
            "withheld" if code in hushed else "sent",
        )
        for code in codes
    ]


def figures(code: str, seed: int) -> list[Row]:
    """What the run of one council gave; the same seed gives the same."""
    chance = random.Random(f"{code} {seed}")
    rows = []
    for indicator, (unit, basis) in INDICATORS.items():
        for period in PERIODS:
            for breakdown, part in (("total", "total"), *_parts(indicator)):
                if chance.random() < (0.1 if breakdown == "total" else 0.3):
                    continue
                sides = _sides(unit, basis, chance)
                if breakdown != "total" and chance.random() < 0.1:
                    continue
                rows.append(_row(code, indicator, period, (breakdown, part), sides))
    return rows


def _parts(indicator: str) -> Iterator[tuple[str, str]]:
    if indicator in PARTS:
        breakdown, _, parts = PARTS[indicator]
        yield from ((breakdown, part) for part in parts)


def _sides(unit: str, basis: str, chance: random.Random) -> tuple[Any, Any, Any, Any]:
    """Numerator, denominator, squares, value."""
    value: Any
    if basis == "period_median":
        return None, chance.randint(1, 50), None, chance.randint(1, 90) / 2
    if unit == "count":
        count = chance.choice([0, 3, *range(5, 900)])
        return (None if chance.random() < 0.05 else count), None, None, count
    bottom = 0 if chance.random() < 0.1 else chance.choice([4, *range(10, 900)])
    if unit == "rate_per_10k":
        bottom = chance.randint(30, 90) / 10
        top = chance.randint(0, 400)
    elif unit == "percent":
        top = round(bottom * min(max(chance.gauss(0.8, 0.1), 0), 1))
    else:
        top = bottom * chance.randint(5, 20)
    squares = top * chance.randint(20, 40) if basis == "period_mean" and bottom else None
    value = None if not bottom else (100 if unit == "percent" else 1) * top / bottom
    if value is not None and chance.random() < 0.05:
        return None, None, None, value
    return top, bottom, squares, value


def _row(
    code: str,
    indicator: str,
    period: tuple[str, date, date],
    part: tuple[str, str],
    sides: tuple[Any, Any, Any, Any],
) -> Row:
    kind, start, end = period
    numerator, denominator, squares, value = (
        None if side is None else round(Decimal(side), 6) for side in sides
    )
    return {
        "geography_code": code,
        "as_at": date(2026, 3, 31),
        "indicator_id": indicator,
        "period_id": f"{kind} {start}/{end}",
        "period_type": kind,
        "period_start": start,
        "period_end": end,
        "breakdown": part[0],
        "breakdown_value": part[1],
        "numerator": numerator,
        "denominator": denominator,
        "numerator_squares": squares,
        "value": value,
        "origin": "rows",
        "is_provisional": end == date(2026, 3, 31) and code < "E06000039",
        "made_of": "4:b" if code == LONDON[1] else "4:a",
    }


def write(folder: Path, rows: list[Row]) -> Path:
    """`figures.parquet` in a council's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / FIGURES
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"create table figures ({columns})")
        marks = ", ".join("?" for _ in COLUMNS)
        for row in rows:
            values = [row[name] for name in COLUMNS]
            connection.execute(f"insert into figures values ({marks})", values)
        connection.execute(f"copy figures to '{target}' (format parquet)")
    return target


def built(
    compiled: Compiled, home: Path, told: Sequence[Council], models: Sequence[str] = MODELS
) -> duckdb.DuckDBPyConnection:
    """The models over the figures in `councils` and the pool."""
    gather(home / "councils", [each.geography_code for each in told], home / "raw")
    connection = compiled.connect()
    for each in told:
        connection.execute("insert into reference.pool values (?, ?, ?, ?)", [*vars(each).values()])
    compiled.over(home / "raw").run(connection, models)
    return connection
