"""Rows of the mart as figures: numbers as decimals, populations in people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.editions.figures import (
    Figure,
    Part,
)

if TYPE_CHECKING:
    import duckdb


SIDES = ("numerator", "denominator", "value")
PART_NAMES = "breakdowns.rest_text, breakdowns.breakdown_label, named.part_label, named.place"
NAMED_PARTS = """
    left join marts.dim_breakdown as breakdowns
        on kpi.indicator_id = breakdowns.indicator_id
        and kpi.breakdown = breakdowns.breakdown
    left join marts.dim_part as named
        on kpi.breakdown = named.breakdown
        and kpi.breakdown_value = named.part
"""
"""What `kpi` is joined with for `PART_NAMES`, the names of its parts."""


def figure_of(row: Mapping[str, Any]) -> Figure:
    return Figure(
        row["period_type"],
        row["period_start"],
        row["period_end"],
        decimal(row["numerator"]),
        _people(row["denominator"], row["unit"]),
        decimal(row["value"]),
        row["status"],
    )


def part_of(row: Mapping[str, Any]) -> Part:
    """A part with its names, of a row of `NAMED_PARTS`."""
    names = (row["breakdown_label"], row["part_label"], row["place"])
    return Part(row["breakdown"], row["breakdown_value"], figure_of(row), row["rest_text"], *names)


def dashboard_figure(row: Mapping[str, Any], prefix: str, period_type: str | None) -> Figure | None:
    if period_type is None or row[f"{prefix}_period_end"] is None:
        return None
    return Figure(
        period_type,
        row[f"{prefix}_period_start"],
        row[f"{prefix}_period_end"],
        decimal(row[f"{prefix}_numerator"]),
        _people(row[f"{prefix}_denominator"], row["unit"]),
        decimal(row[f"{prefix}_value"]),
        row[f"{prefix}_status"],
    )


def _people(denominator: Any, unit: str) -> Decimal | None:
    """The mart keeps a rate's population in ten-thousands; readers think in people."""
    number = decimal(denominator)
    return number * 10_000 if number is not None and unit == "rate_per_10k" else number


def select_rows(
    connection: duckdb.DuckDBPyConnection, query: str, *values: object
) -> list[dict[str, Any]]:
    cursor = connection.execute(query, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def decimal(number: Any) -> Decimal | None:
    return None if number is None else Decimal(str(number))
