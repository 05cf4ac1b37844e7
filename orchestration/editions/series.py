"""The months, quarters and years of an indicator, its earlier figures and where it is heading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.editions.figures import (
    Direction,
    Earlier,
    Figure,
    Signal,
    Trend,
)

if TYPE_CHECKING:
    import duckdb
from orchestration.editions.mart_rows import decimal, figure_of, select_rows

MONTHS_SHOWN = 25
QUARTERS_SHOWN = 13
FEWEST_MONTHS = 3
"""A monthly series needs this many months with a value; with fewer the quarters are shown."""

WHOLE_YEARS = ("financial_year", "academic_year", "calendar_year")


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month `months` after that of `day`; before it, if negative."""
    first_of_next = day.year * 12 + day.month + months
    return date(first_of_next // 12, first_of_next % 12 + 1, 1) - timedelta(days=1)


FiguresByPeriod = dict[tuple[str, str, date], Figure]
"""(indicator_id, period_type, period_end) to the figure of that period."""

_TABLE_OF = {
    "month": ("kpi_monthly", 1),
    "quarter": ("kpi_quarterly", 3),
    "year_to_date": ("kpi_quarterly", 12),
    "rolling_12m": ("kpi_yearly", 12),
    "financial_year": ("kpi_yearly", 12),
    "academic_year": ("kpi_yearly", 12),
}
"""Period type to the table that holds it and how many months lie between one and the next that it
can be held against."""


def figures_in(
    connection: duckdb.DuckDBPyConnection, table: str, geography_code: str, as_at: date
) -> FiguresByPeriod:
    rows = select_rows(
        connection,
        f"""
        select indicator_id, period_type, period_start, period_end,
            numerator, denominator, value, status, unit
        from marts.{table}
        inner join marts.dim_indicator using (indicator_id)
        where geography_code = ? and period_end <= ?
            and breakdown = 'total' and breakdown_value = 'total'
        """,
        geography_code,
        as_at,
    )
    return {
        (row["indicator_id"], row["period_type"], row["period_end"]): figure_of(row) for row in rows
    }


def earlier_figure(
    row: Mapping[str, Any],
    which: str,
    headline: Figure | None,
    figures: Mapping[str, FiguresByPeriod],
) -> Earlier:
    figure = None
    if headline is not None:
        table, length = _TABLE_OF[headline.period_type]
        then = month_end(headline.period_end, -length if which == "previous" else -12)
        figure = figures[table].get((row["indicator_id"], headline.period_type, then))
    return Earlier(
        decimal(row[f"headline_{which}_value"]),
        decimal(row[f"headline_{which}_change"]),
        figure,
    )


def trend_of(indicator_id: str, figures: Mapping[str, FiguresByPeriod], as_at: date) -> Trend:
    months = _series(indicator_id, "month", MONTHS_SHOWN, figures, as_at)
    if len(months.known) >= FEWEST_MONTHS:
        first = months.points[0].period_end
        earlier = [
            figure
            for (owner, period_type, end), figure in figures["kpi_monthly"].items()
            if (owner, period_type) == (indicator_id, "month") and end < first
            if figure.value is not None
        ]
        return replace(months, before=tuple(sorted(earlier, key=lambda each: each.period_end)))
    return _series(indicator_id, "quarter", QUARTERS_SHOWN, figures, as_at)


def trend_rows(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> dict[str, list[dict[str, Any]]]:
    """Indicator to its months in kpi_trends, in order."""
    rows = select_rows(
        connection,
        """
        select * from marts.kpi_trends
        where geography_code = ? and period_end <= ? order by indicator_id, period_end
        """,
        geography_code,
        as_at,
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["indicator_id"], []).append(row)
    return found


def with_signals(trend: Trend, rows: list[dict[str, Any]]) -> Trend:
    """The trend with what is known of its months; quarters have no limits."""
    if trend.period_type != "month" or not rows:
        return trend
    shown = {point.period_end for point in trend.points}
    signals = {
        row["period_end"]: Signal(
            row["point_type"],
            row["rule"],
            Decimal(row["mean"]),
            Decimal(row["lower_limit"]),
            Decimal(row["upper_limit"]),
            row["baseline_start"],
            row["baseline_end"],
        )
        for row in rows
        if row["lower_limit"] is not None and row["period_end"] in shown
    }
    newest = next((row for row in reversed(rows) if row["value"] is not None), rows[-1])
    return replace(
        trend,
        signals=signals,
        limits_reason=newest["limits_reason"],
        rebase_reason=newest["rebase_reason"],
        rebased_from=newest["rebased_from"],
    )


def direction_of(row: dict[str, Any] | None, span: str) -> Direction | None:
    if row is None or row[span] is None:
        return None
    value, before = decimal(row[f"{span}_value"]), decimal(row[f"{span}_before"])
    return Direction(row[span], value, before, row["period_end"])


def quarters_of(
    indicator_id: str, figures: Mapping[str, FiguresByPeriod], as_at: date
) -> tuple[Figure, ...]:
    """The newest quarters in order, from the first that has a value."""
    return _series(indicator_id, "quarter", QUARTERS_SHOWN, figures, as_at).points


def _series(
    indicator_id: str,
    period_type: str,
    count: int,
    figures: Mapping[str, FiguresByPeriod],
    as_at: date,
) -> Trend:
    """The newest `count` periods ended by `as_at`, from the first of them that has a value."""
    table, length = _TABLE_OF[period_type]
    newest = month_end(as_at, -(as_at.month % length))
    ends = [month_end(newest, -length * back) for back in reversed(range(count))]
    points = [
        figures[table].get((indicator_id, period_type, end)) or gap(period_type, end, length)
        for end in ends
    ]
    while points and points[0].value is None:
        points.pop(0)
    return Trend(period_type, tuple(points))


def gap(period_type: str, end: date, length: int) -> Figure:
    start = month_end(end, -length) + timedelta(days=1)
    return Figure(period_type, start, end, None, None, None, "no_data")


def whole_years_of(indicator_id: str, yearly: FiguresByPeriod) -> tuple[Figure, ...]:
    years = [
        figure
        for (owner, period_type, _), figure in yearly.items()
        if owner == indicator_id and period_type in WHOLE_YEARS and figure.value is not None
    ]
    return tuple(sorted(years, key=lambda figure: figure.period_end))
