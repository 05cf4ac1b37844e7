"""Reading one edition: what the mart holds about one council as at one month end.

The mart is read, never reckoned again: values, changes, gaps and RAG come as they are, unrounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.publishing import words
from orchestration.publishing.errors import EditionNotBuilt
from orchestration.publishing.figures import (
    Comparison,
    Direction,
    Earlier,
    Edition,
    Figure,
    Improvement,
    Indicator,
    Part,
    Restatement,
    Signal,
    Trend,
)

if TYPE_CHECKING:
    import duckdb

MONTHS_SHOWN = 25
QUARTERS_SHOWN = 13
FEWEST_MONTHS = 3
"""A monthly series needs this many months with a value; with fewer the quarters are shown."""

WHOLE_YEARS = ("financial_year", "academic_year")
TIERS = ("headline", "core", "supporting")


def load_edition(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date | None
) -> Edition:
    """The edition of `geography_code` as at the month end `as_at`, from schema `marts`.

    Without `as_at` the newest that the mart holds. Raises EditionNotBuilt where the mart holds no
    such council, or not that month.
    """
    built = _built(connection, geography_code)
    as_at = as_at or max(built, default=None)
    if as_at not in built:
        raise _not_built(connection, geography_code, as_at)
    rows = _select(
        connection,
        """
        select dashboard.*, indicator.time_basis, indicator.numerator_text,
            indicator.denominator_text, indicator.note,
            geography.authority_status = 'synthetic' as synthetic
        from marts.kpi_dashboard as dashboard
        inner join marts.dim_geography as geography
            on dashboard.geography_code = geography.geography_code
        left join marts.dim_indicator as indicator
            on dashboard.indicator_id = indicator.indicator_id
        where dashboard.geography_code = ? and dashboard.as_at = ?
        """,
        geography_code,
        as_at,
    )
    figures = {
        table: _figures(connection, table, geography_code, as_at)
        for table in ("kpi_monthly", "kpi_quarterly", "kpi_yearly")
    }
    parts = _parts(connection, geography_code, as_at)
    trends = _trend_rows(connection, geography_code, as_at)
    indicators = [
        _indicator(row, figures, parts, trends.get(row["indicator_id"], []), as_at) for row in rows
    ]
    indicators.sort(key=lambda row: (row.dashboard_no, TIERS.index(row.tier), row.name))
    about = rows[0]
    return Edition(
        geography_code,
        about["geography_name"],
        about["synthetic"],
        as_at,
        tuple(indicators),
        _restatements(connection, geography_code, as_at),
        _improvements(connection, geography_code, as_at),
    )


def newest_edition(
    connection: duckdb.DuckDBPyConnection, geography_code: str, by: date
) -> date | None:
    """The newest as-at month of a council that had ended by the day `by`; None: there is none."""
    built = _built(connection, geography_code)
    return max((as_at for as_at in built if as_at <= by), default=None)


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month `months` after that of `day`; before it, if negative."""
    first_of_next = day.year * 12 + day.month + months
    return date(first_of_next // 12, first_of_next % 12 + 1, 1) - timedelta(days=1)


def _indicator(
    row: Mapping[str, Any],
    figures: Mapping[str, _FiguresByPeriod],
    parts: Mapping[str, list[Part]],
    trends: list[dict[str, Any]],
    as_at: date,
) -> Indicator:
    # what is too old to be compared has no direction either
    newest = trends[-1] if trends and not row["is_last_reported"] else None
    headline = _dashboard_figure(row, "headline", row["headline_period_type"])
    return Indicator(
        **{column: row[column] for column in _CARRIED_OVER},
        name=row["indicator_name"],
        headline=headline,
        status=row["headline_status"],
        status_reason=row["headline_status_reason"],
        origin=row["headline_origin"],
        source_note=row["headline_source_note"],
        is_last_reported=bool(row["is_last_reported"]),
        previous=_earlier(row, "previous", headline, figures),
        year_ago=_earlier(row, "year_ago", headline, figures),
        target=_decimal(row["target"]),
        tolerance=_decimal(row["tolerance"]),
        england=_comparison(row, "england", "England"),
        neighbours=_comparison(row, "neighbours", "neighbours"),
        region=_comparison(row, "region", row["region_name"] or "the region"),
        month=_dashboard_figure(row, "month", "month"),
        quarter=_dashboard_figure(row, "quarter", "quarter"),
        year_to_date=_dashboard_figure(row, "year_to_date", "year_to_date"),
        year=_dashboard_figure(row, "year", _year_type(row)),
        trend=_with_signals(_trend(row["indicator_id"], figures, as_at), trends),
        year_on_year=_direction(newest, "year_on_year"),
        latest_quarter=_direction(newest, "latest_quarter"),
        years=_whole_years(row["indicator_id"], figures["kpi_yearly"]),
        interval_lower=_decimal(row["headline_interval_lower"]),
        interval_upper=_decimal(row["headline_interval_upper"]),
        parts=tuple(sorted(parts.get(row["indicator_id"], ()), key=words.part_order)),
    )


_CARRIED_OVER = (
    "indicator_id",
    "dashboard_no",
    "dashboard",
    "tier",
    "unit",
    "decimals",
    "polarity",
    "disclosure_class",
    "frequency",
    "time_basis",
    "numerator_text",
    "denominator_text",
    "note",
    "target_kind",
    "rag",
    "rag_reason",
    "target_certainty",
    "cases_to_target",
    "neighbours_present",
    "benchmark_reason",
)
"""Columns of the mart that an Indicator has under the same name."""

_FiguresByPeriod = dict[tuple[str, str, date], Figure]
"""(indicator_id, period_type, period_end) to the figure of that period."""

_TABLE_OF = {
    "month": ("kpi_monthly", 1),
    "quarter": ("kpi_quarterly", 3),
    "financial_year": ("kpi_yearly", 12),
    "academic_year": ("kpi_yearly", 12),
}
"""Period type to the table that holds it and its length in months."""


def _figures(
    connection: duckdb.DuckDBPyConnection, table: str, geography_code: str, as_at: date
) -> _FiguresByPeriod:
    rows = _select(
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
        (row["indicator_id"], row["period_type"], row["period_end"]): _figure(row) for row in rows
    }


def _parts(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> dict[str, list[Part]]:
    """Indicator to its parts in the period of its headline."""
    columns = """indicator_id, geography_code, period_type, period_start, period_end,
        breakdown, breakdown_value, numerator, denominator, value, status"""
    rows = _select(
        connection,
        f"""
        with parts as (
            select {columns} from marts.kpi_monthly
            union all
            select {columns} from marts.kpi_quarterly
            union all
            select {columns} from marts.kpi_yearly
        )

        select parts.*, dashboard.unit
        from parts
        inner join marts.kpi_dashboard as dashboard
            on parts.indicator_id = dashboard.indicator_id
            and parts.geography_code = dashboard.geography_code
            and parts.period_type = dashboard.headline_period_type
            and parts.period_end = dashboard.headline_period_end
        where dashboard.geography_code = ? and dashboard.as_at = ? and parts.breakdown <> 'total'
        """,
        geography_code,
        as_at,
    )
    found: dict[str, list[Part]] = {}
    for row in rows:
        part = Part(row["breakdown"], row["breakdown_value"], _figure(row))
        found.setdefault(row["indicator_id"], []).append(part)
    return found


def _restatements(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> tuple[Restatement, ...]:
    """What the newest delivery changed, by dashboard, the newest period first."""
    rows = _select(
        connection,
        """
        select restated.*, indicator.unit, 'ok' as status
        from marts.fct_restatement as restated
        inner join marts.dim_indicator as indicator using (indicator_id)
        where restated.geography_code = ? and restated.period_end <= ? and restated.is_newest
            and restated.breakdown = 'total'
            and restated.period_type in ('month', 'quarter', 'financial_year', 'academic_year')
        order by indicator.dashboard_no, restated.indicator_id, restated.period_type,
            restated.period_end desc
        """,
        geography_code,
        as_at,
    )
    return tuple(
        Restatement(
            row["indicator_id"],
            _figure({**row, **{side: row[f"published_{side}"] for side in _SIDES}}),
            _figure(row),
            _decimal(row["difference"]),
            row["cause"],
        )
        for row in rows
    )


def _improvements(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> tuple[Improvement, ...]:
    """The areas for improvement by rank, each with its indicators."""
    rows = _select(
        connection,
        """
        select areas.*
        from marts.kpi_areas_for_improvement as areas
        inner join marts.dim_indicator as indicator using (indicator_id)
        where areas.geography_code = ? and areas.as_at = ?
        order by areas.area_rank, indicator.dashboard_no, areas.indicator_id
        """,
        geography_code,
        as_at,
    )
    return tuple(
        Improvement(
            row["area_rank"],
            row["area"],
            row["indicator_id"],
            row["is_below_target"],
            row["is_worse_than_last_year"],
            _decimal(row["last_year_value"]),
            row["last_year_start"],
            row["is_worse_than_benchmarks"],
            row["is_recalled"],
            row["is_added"],
            row["decision_reason"],
        )
        for row in rows
    )


_SIDES = ("numerator", "denominator", "value")


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(
        row["period_type"],
        row["period_start"],
        row["period_end"],
        _decimal(row["numerator"]),
        _people(row["denominator"], row["unit"]),
        _decimal(row["value"]),
        row["status"],
    )


def _dashboard_figure(
    row: Mapping[str, Any], prefix: str, period_type: str | None
) -> Figure | None:
    if period_type is None or row[f"{prefix}_period_end"] is None:
        return None
    return Figure(
        period_type,
        row[f"{prefix}_period_start"],
        row[f"{prefix}_period_end"],
        _decimal(row[f"{prefix}_numerator"]),
        _people(row[f"{prefix}_denominator"], row["unit"]),
        _decimal(row[f"{prefix}_value"]),
        row[f"{prefix}_status"],
    )


def _people(denominator: Any, unit: str) -> Decimal | None:
    """The mart keeps a rate's population in ten-thousands; readers think in people."""
    number = _decimal(denominator)
    return number * 10_000 if number is not None and unit == "rate_per_10k" else number


def _year_type(row: Mapping[str, Any]) -> str:
    """Academic years run from 1 September; every other whole year here from 1 April."""
    start = row["year_period_start"]
    return "academic_year" if start is not None and start.month == 9 else "financial_year"


def _earlier(
    row: Mapping[str, Any],
    which: str,
    headline: Figure | None,
    figures: Mapping[str, _FiguresByPeriod],
) -> Earlier:
    figure = None
    if headline is not None:
        table, length = _TABLE_OF[headline.period_type]
        then = month_end(headline.period_end, -length if which == "previous" else -12)
        figure = figures[table].get((row["indicator_id"], headline.period_type, then))
    return Earlier(
        _decimal(row[f"headline_{which}_value"]),
        _decimal(row[f"headline_{which}_change"]),
        figure,
    )


def _comparison(row: Mapping[str, Any], prefix: str, name: str) -> Comparison:
    return Comparison(
        name,
        _decimal(row[f"{prefix}_value"]),
        row[f"{prefix}_period"],
        _decimal(row[f"{prefix}_gap"]),
        row[f"{prefix}_verdict"],
    )


def _trend(indicator_id: str, figures: Mapping[str, _FiguresByPeriod], as_at: date) -> Trend:
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


def _trend_rows(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> dict[str, list[dict[str, Any]]]:
    """Indicator to its months in kpi_trends, in order."""
    rows = _select(
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


def _with_signals(trend: Trend, rows: list[dict[str, Any]]) -> Trend:
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
    )


def _direction(row: dict[str, Any] | None, span: str) -> Direction | None:
    if row is None or row[span] is None:
        return None
    value, before = _decimal(row[f"{span}_value"]), _decimal(row[f"{span}_before"])
    return Direction(row[span], value, before, row["period_end"])


def _series(
    indicator_id: str,
    period_type: str,
    count: int,
    figures: Mapping[str, _FiguresByPeriod],
    as_at: date,
) -> Trend:
    """The newest `count` periods ended by `as_at`, from the first of them that has a value."""
    table, length = _TABLE_OF[period_type]
    newest = month_end(as_at, -(as_at.month % length))
    ends = [month_end(newest, -length * back) for back in reversed(range(count))]
    points = [
        figures[table].get((indicator_id, period_type, end)) or _gap(period_type, end, length)
        for end in ends
    ]
    while points and points[0].value is None:
        points.pop(0)
    return Trend(period_type, tuple(points))


def _gap(period_type: str, end: date, length: int) -> Figure:
    start = month_end(end, -length) + timedelta(days=1)
    return Figure(period_type, start, end, None, None, None, "no_data")


def _whole_years(indicator_id: str, yearly: _FiguresByPeriod) -> tuple[Figure, ...]:
    years = [
        figure
        for (owner, period_type, _), figure in yearly.items()
        if owner == indicator_id and period_type in WHOLE_YEARS and figure.value is not None
    ]
    return tuple(sorted(years, key=lambda figure: figure.period_end))


def _built(connection: duckdb.DuckDBPyConnection, geography_code: str) -> list[date]:
    rows = _select(
        connection,
        "select distinct as_at from marts.kpi_dashboard where geography_code = ? order by as_at",
        geography_code,
    )
    return [row["as_at"] for row in rows]


def _not_built(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date | None
) -> EditionNotBuilt:
    built = _built(connection, geography_code)
    newest = ", ".join(f"{day:%Y-%m}" for day in built[-3:])
    return EditionNotBuilt(
        "marts.kpi_dashboard",
        f"no edition of {geography_code}" + (f" as at {as_at}" if as_at else ""),
        f"one of its {len(built)} editions, the newest: {newest}"
        if built
        else "a council that has editions in the mart",
        "name the council and the as-at month in COUNCIL and AS_AT or in the list of editions, "
        "see that its data are delivered, and run the job again",
        column="geography_code, as_at",
    )


def _select(
    connection: duckdb.DuckDBPyConnection, query: str, *values: object
) -> list[dict[str, Any]]:
    cursor = connection.execute(query, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _decimal(number: Any) -> Decimal | None:
    return None if number is None else Decimal(str(number))
