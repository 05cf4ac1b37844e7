"""Reading one edition: what the mart holds about one council as at one month end.

The mart is read, never reckoned again: values come unrounded, changes, gaps and RAG
as printed figures give them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from orchestration.editions import words
from orchestration.editions.figures import (
    Comparison,
    Edition,
    Indicator,
    Part,
)
from orchestration.editions.improvements import AREAS_SHOWN
from orchestration.publication.errors import EditionNotBuilt
from orchestration.reference.edition_requests import EditionRequest

if TYPE_CHECKING:
    import duckdb
from orchestration.editions.beside import improvements_of, restatements_of, standings_of, ties_of
from orchestration.editions.judged import judged_figures, parts_of_longer
from orchestration.editions.mart_rows import (
    NAMED_PARTS,
    PART_NAMES,
    dashboard_figure,
    decimal,
    part_of,
    select_rows,
)
from orchestration.editions.series import (
    FiguresByPeriod,
    direction_of,
    earlier_figure,
    figures_in,
    quarters_of,
    trend_of,
    trend_rows,
    whole_years_of,
    with_signals,
)

TIERS = ("headline", "core", "supporting")


def load_edition(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date | None
) -> Edition:
    """The edition of `geography_code` as at the month end `as_at`, from schema `marts`.

    Without `as_at` the newest month that has figures. Raises EditionNotBuilt where the mart holds
    no such council, or not that month.
    """
    built = _built(connection, geography_code)
    as_at = as_at or next((day for day, is_newest in built.items() if is_newest), None)
    if as_at not in built:
        raise _not_built(connection, geography_code, as_at)
    rows = select_rows(
        connection,
        """
        select dashboard.*, indicator.time_basis, indicator.numerator_text,
            indicator.denominator_text, indicator.note,
            geography.authority_status = 'synthetic' as synthetic,
            geography.valid_from, geography.valid_to, geography.predecessors,
            geography.successors, named.part_label as compared_label
        from marts.kpi_dashboard as dashboard
        inner join marts.dim_geography as geography
            on dashboard.geography_code = geography.geography_code
        left join marts.dim_indicator as indicator
            on dashboard.indicator_id = indicator.indicator_id
        left join marts.dim_part as named
            on dashboard.compared_breakdown = named.breakdown
            and dashboard.compared_part = named.part
        where dashboard.geography_code = ? and dashboard.as_at = ?
        """,
        geography_code,
        as_at,
    )
    figures = {
        table: figures_in(connection, table, geography_code, as_at)
        for table in ("kpi_monthly", "kpi_quarterly", "kpi_yearly")
    }
    parts = _parts(connection, geography_code, as_at)
    trends = trend_rows(connection, geography_code, as_at)
    judged = judged_figures(connection, rows, figures, as_at)
    longer = parts_of_longer(connection, geography_code, judged, as_at)
    standings = standings_of(connection, geography_code, as_at)
    indicators = [
        replace(
            _indicator(row, figures, parts, trends.get(row["indicator_id"], []), as_at),
            judged=judged.get(row["indicator_id"], ()),
            longer_parts=longer.get(row["indicator_id"], ()),
            standing=standings.get(row["indicator_id"]),
        )
        for row in rows
    ]
    indicators.sort(key=lambda row: (row.dashboard_no, TIERS.index(row.tier), row.name))
    about = rows[0]
    improvements = improvements_of(connection, geography_code, as_at)
    return Edition(
        geography_code,
        about["geography_name"],
        about["synthetic"],
        as_at,
        tuple(indicators),
        restatements_of(connection, geography_code, as_at),
        tuple(each for each in improvements if each.rank <= AREAS_SHOWN),
        tuple(each for each in improvements if each.rank > AREAS_SHOWN),
        ties=ties_of(connection),
        succession=words.succession(
            about["geography_name"],
            as_at,
            begun=(about["valid_from"], about["predecessors"]),
            ended=(about["valid_to"], about["successors"]),
        ),
    )


def newest_edition(
    connection: duckdb.DuckDBPyConnection, geography_code: str, by: date
) -> date | None:
    """The newest as-at month of a council that has figures and had ended by the day `by`; None:
    there is none."""
    built = _built(connection, geography_code)
    newest = next((as_at for as_at, is_newest in built.items() if is_newest), by)
    return max((as_at for as_at in built if as_at <= min(by, newest)), default=None)


def _indicator(
    row: Mapping[str, Any],
    figures: Mapping[str, FiguresByPeriod],
    parts: Mapping[str, list[Part]],
    trends: list[dict[str, Any]],
    as_at: date,
) -> Indicator:
    # what is too old to be compared has no direction either
    newest = trends[-1] if trends and not row["is_last_reported"] else None
    headline = dashboard_figure(row, "headline", row["headline_period_type"])
    return Indicator(
        **{column: row[column] for column in _CARRIED_OVER},
        name=row["indicator_name"],
        headline=headline,
        status=row["headline_status"],
        status_reason=row["headline_status_reason"],
        origin=row["headline_origin"],
        source_note=row["headline_source_note"],
        is_last_reported=bool(row["is_last_reported"]),
        previous=earlier_figure(row, "previous", headline, figures),
        year_ago=earlier_figure(row, "year_ago", headline, figures),
        target=decimal(row["target"]),
        tolerance=decimal(row["tolerance"]),
        england=_comparison(row, "england", "England"),
        neighbours=_comparison(row, "neighbours", "neighbours"),
        region=_comparison(row, "region", row["region_name"] or "the region"),
        month=dashboard_figure(row, "month", "month"),
        quarter=dashboard_figure(row, "quarter", "quarter"),
        year_to_date=dashboard_figure(row, "year_to_date", "year_to_date"),
        year=dashboard_figure(row, "year", _year_type(row)),
        trend=with_signals(trend_of(row["indicator_id"], figures, as_at), trends),
        year_on_year=direction_of(newest, "year_on_year"),
        latest_quarter=direction_of(newest, "latest_quarter"),
        years=whole_years_of(row["indicator_id"], figures["kpi_yearly"]),
        quarters=()
        if row["frequency"] == "annual"
        else quarters_of(row["indicator_id"], figures, as_at),
        interval_lower=decimal(row["headline_interval_lower"]),
        interval_upper=decimal(row["headline_interval_upper"]),
        parts=tuple(sorted(parts.get(row["indicator_id"], ()), key=words.part_order)),
        compared_part=(row["compared_breakdown"], row["compared_part"])
        if row["compared_part"]
        else None,
        compared_label=row["compared_label"],
    )


_CARRIED_OVER = (
    "indicator_id",
    "dashboard_no",
    "dashboard",
    "dashboard_note",
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
    "neighbours_left_out",
    "benchmark_reason",
)
"""Columns of the mart that an Indicator has under the same name."""


def _parts(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> dict[str, list[Part]]:
    """Indicator to its parts in the period of its headline."""
    columns = """indicator_id, geography_code, period_type, period_start, period_end,
        breakdown, breakdown_value, numerator, denominator, value, status"""
    rows = select_rows(
        connection,
        f"""
        with parts as (
            select {columns} from marts.kpi_monthly
            union all
            select {columns} from marts.kpi_quarterly
            union all
            select {columns} from marts.kpi_yearly
        )

        select kpi.*, dashboard.unit, {PART_NAMES}
        from parts as kpi
        {NAMED_PARTS}
        inner join marts.kpi_dashboard as dashboard
            on kpi.indicator_id = dashboard.indicator_id
            and kpi.geography_code = dashboard.geography_code
            and kpi.period_type = dashboard.headline_period_type
            and kpi.period_end = dashboard.headline_period_end
        where dashboard.geography_code = ? and dashboard.as_at = ? and kpi.breakdown <> 'total'
        """,
        geography_code,
        as_at,
    )
    found: dict[str, list[Part]] = {}
    for row in rows:
        found.setdefault(row["indicator_id"], []).append(part_of(row))
    return found


def _year_type(row: Mapping[str, Any]) -> str:
    """Academic years run from 1 September; every other whole year here from 1 April."""
    start = row["year_period_start"]
    return "academic_year" if start is not None and start.month == 9 else "financial_year"


def _comparison(row: Mapping[str, Any], prefix: str, name: str) -> Comparison:
    return Comparison(
        name,
        decimal(row[f"{prefix}_value"]),
        row[f"{prefix}_period"],
        decimal(row[f"{prefix}_gap"]),
        row[f"{prefix}_verdict"],
    )


def _built(connection: duckdb.DuckDBPyConnection, geography_code: str) -> dict[date, bool]:
    """The as-at months of a council, and which of them is the newest that has figures."""
    rows = select_rows(
        connection,
        "select distinct as_at, is_newest from marts.kpi_dashboard"
        " where geography_code = ? order by as_at",
        geography_code,
    )
    return {row["as_at"]: row["is_newest"] for row in rows}


def load_editions(
    connection: duckdb.DuckDBPyConnection, requests: Iterable[EditionRequest]
) -> tuple[list[Edition], list[EditionNotBuilt]]:
    """The editions asked for, and why each other one is not there: it keeps no other one back.

    Raises EditionNotBuilt where none of them is there.
    """
    editions: list[Edition] = []
    missing: list[EditionNotBuilt] = []
    for request in requests:
        try:
            editions.append(load_edition(connection, request.geography_code, request.as_at))
        except EditionNotBuilt as fault:
            missing.append(fault)
    if missing and not editions:
        raise missing[0]
    return editions, missing


def _not_built(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date | None
) -> EditionNotBuilt:
    built = _built(connection, geography_code)
    newest = ", ".join(f"{day:%Y-%m}" for day in list(built)[-3:])
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
