"""What an edition says beside its rows: areas for improvement, restated figures, where the council
stands among all, and what readers know of two numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from orchestration.editions.figures import (
    Improvement,
    Restatement,
    Side,
    Tie,
)
from orchestration.editions.standing import Official, Standing

if TYPE_CHECKING:
    import duckdb
from orchestration.editions.mart_rows import (
    SIDES,
    decimal,
    figure_of,
    select_rows,
)


def restatements_of(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> tuple[Restatement, ...]:
    """What the newest delivery changed, by dashboard, the newest period first."""
    rows = select_rows(
        connection,
        """
        select restated.*, indicator.unit, 'ok' as status
        from marts.fct_restatement as restated
        inner join marts.dim_indicator as indicator using (indicator_id)
        where restated.geography_code = ? and restated.period_end <= ? and restated.is_newest
            and restated.breakdown = 'total'
            and restated.period_type
                in ('month', 'quarter', 'financial_year', 'academic_year', 'calendar_year')
        order by indicator.dashboard_no, restated.indicator_id, restated.period_type,
            restated.period_end desc
        """,
        geography_code,
        as_at,
    )
    return tuple(
        Restatement(
            row["indicator_id"],
            figure_of({**row, **{side: row[f"published_{side}"] for side in SIDES}}),
            figure_of(row),
            decimal(row["difference"]),
            row["cause"],
        )
        for row in rows
    )


def improvements_of(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> tuple[Improvement, ...]:
    """The areas for improvement by rank, each with its indicators."""
    rows = select_rows(
        connection,
        """
        select areas.*, indicator.catalogue_order
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
            decimal(row["last_year_value"]),
            row["last_year_start"],
            row["is_worse_than_benchmarks"],
            row["is_recalled"],
            row["is_added"],
            row["decision_reason"],
            row["is_surely_below_target"],
            decimal(row["tolerances_short"]),
            row["catalogue_order"],
        )
        for row in rows
    )


def standings_of(
    connection: duckdb.DuckDBPyConnection, geography_code: str, as_at: date
) -> Mapping[str, Standing]:
    """Indicator to the newest official figures of all authorities that had ended by `as_at`."""
    rows = select_rows(
        connection,
        """
        with neighbours as (
            select neighbour_code from marts.dim_neighbour
            where geography_code = $1 and $2 between valid_from and valid_until
        )

        select
            standings.*,
            standings.geography_code = $1 as is_own,
            standings.geography_code in (from neighbours) as is_neighbour,
            areas.region_code = own.region_code as is_of_region
        from marts.kpi_standings as standings
        inner join marts.dim_geography as areas using (geography_code)
        inner join marts.dim_geography as own on own.geography_code = $1
        where standings.period_end <= $2
        qualify standings.period_end = max(standings.period_end) over (
            partition by standings.indicator_id
        )
        order by standings.value, standings.geography_code
        """,
        geography_code,
        as_at,
    )
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["indicator_id"], []).append(row)
    return {indicator_id: _standing(official) for indicator_id, official in found.items()}


def _standing(rows: list[Mapping[str, Any]]) -> Standing:
    about = next((row for row in rows if row["is_own"]), None)
    one = rows[0]
    return Standing(
        one["period_label"],
        one["period_start"],
        one["period_end"],
        tuple(
            Official(row["value"], row["is_own"], row["is_neighbour"], row["is_of_region"])
            for row in rows
        ),
        about["standing"] if about else None,
        about["quarter_of_all"] if about else None,
        one["lower_quartile"],
        one["middle"],
        one["upper_quartile"],
    )


def ties_of(connection: duckdb.DuckDBPyConnection) -> tuple[Tie, ...]:
    """What the build found to count the same rows, of all indicators."""

    def side(row: Mapping[str, Any], prefix: str) -> Side:
        names = (f"{prefix}{name}" for name in ("breakdown", "breakdown_value"))
        breakdown, part = ("" if row[name] == "total" else row[name] for name in names)
        return row[f"{prefix}indicator_id"], breakdown, part, row[f"{prefix}side"]

    rows = select_rows(connection, "select * from marts.dim_tie order by all")
    return tuple(Tie(side(row, ""), side(row, "other_")) for row in rows)
