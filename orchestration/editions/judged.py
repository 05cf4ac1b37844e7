"""The newest month, quarter and twelve months of an indicator, each with all that is said of it.

The mart judges every period; a row of the committee's table is about one of them
(`headline_period`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from orchestration.editions.figures import Comparison, Earlier, Judged, Part
from orchestration.editions.mart_rows import (
    NAMED_PARTS,
    PART_NAMES,
    decimal,
    figure_of,
    part_of,
    select_rows,
)
from orchestration.editions.series import FiguresByPeriod, month_end

if TYPE_CHECKING:
    import duckdb

_TABLES = {"month": "kpi_monthly", "quarter": "kpi_quarterly", "rolling_12m": "kpi_yearly"}
_BACK = {"month": 1, "quarter": 3, "rolling_12m": 12}
"""How many months lie between a period and the one before that it can be held against."""


def judged_figures(
    connection: duckdb.DuckDBPyConnection,
    rows: Iterable[Mapping[str, Any]],
    figures: Mapping[str, FiguresByPeriod],
    as_at: date,
) -> dict[str, tuple[Judged, ...]]:
    """Indicator to its newest figure of each length; none of what is too old or comes once a year.

    `rows` are those of kpi_dashboard.
    """
    about = {
        row["indicator_id"]: row
        for row in rows
        if row["frequency"] != "annual"
        and not row["is_last_reported"]
        and row["headline_period_end"] is not None
    }
    found: dict[str, list[Judged]] = {}
    for row in _newest(connection, [*about.values()], as_at):
        shown = about[row["indicator_id"]]
        if row["period_end"] >= month_end(shown["headline_period_end"], -2):
            found.setdefault(row["indicator_id"], []).append(_judged(row, shown, figures))
    return {each: tuple(told) for each, told in found.items()}


def parts_of_longer(
    connection: duckdb.DuckDBPyConnection,
    geography_code: str,
    judged: Mapping[str, tuple[Judged, ...]],
    as_at: date,
) -> dict[str, tuple[Part, ...]]:
    """Indicator to its parts over the newest twelve months that it is judged of; of children who
    are counted once in a period, of whom there are no rolling months, in the last financial year.
    """
    longest = {
        each: (told[-1].figure.period_type, told[-1].figure.period_end)
        for each, told in judged.items()
    }
    rows = select_rows(
        connection,
        f"""
        select kpi.*, indicator.unit, {PART_NAMES}
        from marts.kpi_yearly as kpi
        inner join marts.dim_indicator as indicator
            on kpi.indicator_id = indicator.indicator_id
        {NAMED_PARTS}
        where kpi.geography_code = ? and kpi.period_end <= ? and kpi.breakdown <> 'total'
            and kpi.period_type = case indicator.time_basis
                when 'period_distinct_count' then 'financial_year' else 'rolling_12m'
            end
        qualify kpi.period_end = max(kpi.period_end) over (partition by kpi.indicator_id)
        order by kpi.indicator_id, kpi.breakdown, kpi.breakdown_value
        """,
        geography_code,
        as_at,
    )
    found: dict[str, list[Part]] = {}
    for row in rows:
        period = row["period_type"], row["period_end"]
        known = longest.get(row["indicator_id"])
        if known and (known == period or row["period_type"] == "financial_year"):
            found.setdefault(row["indicator_id"], []).append(part_of(row))
    return {each: tuple(parts) for each, parts in found.items()}


def _newest(
    connection: duckdb.DuckDBPyConnection, about: list[Mapping[str, Any]], as_at: date
) -> list[dict[str, Any]]:
    """The newest figures of each length, from short to long."""
    if not about:
        return []
    found = []
    for period_type, table in _TABLES.items():
        found += select_rows(
            connection,
            f"""
            with newest as (
                select
                    kpi.*,
                    row_number() over (
                        partition by kpi.indicator_id order by kpi.period_end desc
                    ) as newest_first
                from marts.{table} as kpi
                where kpi.geography_code = ? and kpi.period_end <= ? and kpi.period_type = ?
                    and kpi.breakdown = 'total' and kpi.status in ('ok', 'provisional')
            )

            select newest.*, indicator.unit
            from newest
            inner join marts.dim_indicator as indicator using (indicator_id)
            where newest.newest_first = 1
            """,
            about[0]["geography_code"],
            as_at,
            period_type,
        )
    known = {row["indicator_id"] for row in about}
    return [row for row in found if row["indicator_id"] in known]


def _judged(
    row: Mapping[str, Any], shown: Mapping[str, Any], figures: Mapping[str, FiguresByPeriod]
) -> Judged:
    kind, end, figure = row["period_type"], row["period_end"], figure_of(row)

    def earlier(which: str, months: int) -> Earlier:
        then = figures[_TABLES[kind]].get((row["indicator_id"], kind, month_end(end, -months)))
        value = decimal(row[f"{which}_value"])
        return Earlier(value, decimal(row[f"{which}_change"]), then if value is not None else None)

    def comparison(prefix: str, name: str) -> Comparison:
        # what is held against one part is held against it in the row's own period only
        is_whole = not shown["compared_part"]
        return Comparison(
            name,
            decimal(row[f"{prefix}_value"]),
            row[f"{prefix}_period"],
            decimal(row[f"{prefix}_gap"]) if is_whole else None,
            row[f"{prefix}_verdict"] if is_whole else None,
            figure if is_whole and kind == "rolling_12m" else None,
        )

    return Judged(
        figure,
        earlier("previous", _BACK[kind]),
        earlier("year_ago", 12),
        decimal(row["target"]),
        row["target_kind"],
        decimal(row["tolerance"]),
        row["rag"],
        row["rag_reason"],
        row["target_certainty"],
        row["cases_to_target"],
        decimal(row["interval_lower"]),
        decimal(row["interval_upper"]),
        comparison("england", "England"),
        comparison("neighbours", "neighbours"),
        comparison("region", shown["region_name"] or "the region"),
    )
