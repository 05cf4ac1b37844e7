"""What a pool's mart says of one area as at a month end: the area's figures and its councils'.

The mart is read, never reckoned again. Of each indicator one period is told, in which most councils
have a figure: twelve months of what happens over time, the last day of a position, the newest year
of what is told by years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.editions.figures import Figure
from orchestration.editions.mart_rows import decimal, figure_of, select_rows
from orchestration.publication.markings import markings
from orchestration.region.funnel import Funnel

if TYPE_CHECKING:
    import duckdb

WHOLE_POOL = "pool"
"""The area that all councils of a pool are, where they lie in several regions."""
_LENGTHS = ("rolling_12m", "financial_year", "academic_year", "year_to_date", "quarter", "month")
_POSITIONS = ("snapshot_count", "snapshot_ratio", "rolling_12m_ratio")


@dataclass(frozen=True)
class Beside:
    """A council beside the others: its place among `ranked` (the best first, equals share one),
    where it lies about the limits of chance (inside, above_95 …), and what moved since `then`, the
    same period a year before: better, worse, higher, lower or similar."""

    geography_code: str
    name: str
    figure: Figure
    rank: int | None = None
    ranked: int | None = None
    place: str | None = None
    then: Figure | None = None
    change: Decimal | None = None
    moved: str | None = None


@dataclass(frozen=True)
class RegionIndicator:
    """An indicator of an area: `figure` is the sum of its councils, with its status (not_additive,
    withheld, no_data … where it has no value); `absent` says whose numbers are not in it, by why:
    missing, withheld, without_numbers, outside. `funnel` is there where chance has limits."""

    indicator_id: str
    name: str
    dashboard_no: int
    dashboard: str
    unit: str
    decimals: int
    polarity: str
    disclosure_class: str
    time_basis: str
    counts: str
    out_of: str
    figure: Figure
    absent: Mapping[str, tuple[str, ...]]
    counted: int
    definitions: int
    councils: tuple[Beside, ...]
    funnel: Funnel | None = None


@dataclass(frozen=True)
class Region:
    """An area of the pool as at a month end, with the names of its councils by code."""

    area_code: str
    name: str
    as_at: date
    councils: Mapping[str, str]
    rows: tuple[RegionIndicator, ...]
    synthetic: bool
    is_public: bool = False

    @property
    def markings(self) -> tuple[str, ...]:
        """What every page and file of this is marked with."""
        return markings(self.synthetic, self.is_public)

    @property
    def dashboards(self) -> dict[int, tuple[RegionIndicator, ...]]:
        """Dashboard number to its indicators, in order."""
        numbers = sorted({row.dashboard_no for row in self.rows})
        return {n: tuple(row for row in self.rows if row.dashboard_no == n) for n in numbers}


def load_regions(connection: duckdb.DuckDBPyConnection) -> list[Region]:
    """Every area of the pool as at its newest month, from schema `marts`; none without a pool."""
    areas = select_rows(connection, "select distinct area_code from marts.kpi_region order by 1")
    loaded = (_region(connection, each["area_code"]) for each in areas)
    return [each for each in loaded if each is not None]


def _region(connection: duckdb.DuckDBPyConnection, area_code: str) -> Region | None:
    as_at = _as_at(connection, area_code)
    if as_at is None:
        return None
    told = select_rows(
        connection,
        """
        select regions.*, indicators.* exclude (indicator_id)
        from marts.kpi_region as regions
        inner join marts.dim_indicator as indicators
            on regions.indicator_id = indicators.indicator_id
        where regions.area_code = ? and regions.breakdown = 'total' and (
            regions.period_end = ?
            or (indicators.time_basis = 'annual' and regions.period_end <= ?)
        )
        order by indicators.catalogue_order
        """,
        *(area_code, as_at, as_at),
    )
    named = {
        row["geography_code"]: row
        for row in select_rows(
            connection,
            """
            select geography_code, geography_name, authority_status = 'synthetic' as synthetic
            from marts.dim_geography
            """,
        )
    }
    beside = _beside(connection, area_code, told)
    by_indicator: dict[str, list[dict[str, Any]]] = {}
    for row in told:
        by_indicator.setdefault(row["indicator_id"], []).append(row)
    chosen = [_chosen(rows) for rows in by_indicator.values()]
    codes = {row["geography_code"] for rows in beside.values() for row in rows}
    codes |= {code for row in chosen for codes in _absent(row).values() for code in codes}
    names = {code: str(named[code]["geography_name"]) for code in codes}
    return Region(
        area_code,
        "All councils of the pool"
        if area_code == WHOLE_POOL
        else str(named[area_code]["geography_name"]),
        as_at,
        dict(sorted(names.items(), key=lambda each: each[1])),
        tuple(_row(row, beside.get(row["pooled_id"], []), names) for row in chosen),
        synthetic=any(named[code]["synthetic"] for code in codes),
    )


def _as_at(connection: duckdb.DuckDBPyConnection, area_code: str) -> date | None:
    """The newest month end that more than half of the councils have reached."""
    [(as_at,)] = connection.execute(
        """
        with ends as (
            select geography_code, max(period_end) as reached
            from marts.kpi_region_councils
            where area_code = ? and period_type = 'month'
            group by geography_code
        )

        select quantile_disc(reached, 0.5) from ends
        """,
        [area_code],
    ).fetchall()
    return as_at


def _chosen(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The period that is told: in which most councils have a figure, of these the newest, of these
    the longest; a position is told of its day."""

    def order(row: Mapping[str, Any]) -> tuple[int, int, int]:
        lengths = ("month",) if row["time_basis"] in _POSITIONS else _LENGTHS
        kind = row["period_type"]
        place = lengths.index(kind) if kind in lengths else len(_LENGTHS)
        return row["councils_counted"], row["period_end"].toordinal(), -place

    return max(rows, key=order)


def _beside(
    connection: duckdb.DuckDBPyConnection, area_code: str, told: Iterable[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """The councils of each figure, by its key, with their figures of a year before."""
    rows = select_rows(
        connection,
        """
        select now.*, a_year_before.period_start as then_start,
            a_year_before.period_end as then_end, a_year_before.numerator as then_numerator,
            a_year_before.denominator as then_denominator
        from marts.kpi_region_councils as now
        left join marts.kpi_region_councils as a_year_before
            on now.area_code = a_year_before.area_code
            and now.geography_code = a_year_before.geography_code
            and now.indicator_id = a_year_before.indicator_id
            and now.period_type = a_year_before.period_type
            and a_year_before.period_end + 1 = now.period_end + 1 - interval 12 month
            and now.year_ago_value is not null
        where now.area_code = ? and list_contains(?, now.pooled_id)
        """,
        *(area_code, [row["pooled_id"] for row in told]),
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["pooled_id"], []).append(row)
    return found


def _absent(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    kinds = ("missing", "withheld", "without_numbers", "outside")
    return {
        kind: tuple(row[f"councils_{kind}"].split("; "))
        for kind in kinds
        if row[f"councils_{kind}"]
    }


def _row(
    row: Mapping[str, Any], beside: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> RegionIndicator:
    unit = row["unit"]
    councils = [_council(each, unit, names[each["geography_code"]]) for each in beside]
    councils.sort(key=lambda each: (each.rank or 0, each.name))
    return RegionIndicator(
        row["indicator_id"],
        row["indicator_name"],
        row["dashboard_no"],
        row["dashboard"],
        unit,
        row["decimals"],
        row["polarity"],
        row["disclosure_class"],
        row["time_basis"],
        row["numerator_text"],
        row["denominator_text"] or "",
        figure_of(row),
        {why: tuple(sorted(names[code] for code in codes)) for why, codes in _absent(row).items()},
        row["councils_counted"],
        row["definitions_counted"],
        tuple(councils),
        _funnel(row, beside),
    )


def _council(row: Mapping[str, Any], unit: str, name: str) -> Beside:
    then = None
    if row["then_end"] is not None:
        past = {
            "period_start": row["then_start"],
            "period_end": row["then_end"],
            "numerator": row["then_numerator"],
            "denominator": row["then_denominator"],
            "value": row["year_ago_value"],
        }
        then = figure_of({**row, **past, "unit": unit, "status": "ok"})
    return Beside(
        row["geography_code"],
        name,
        figure_of({**row, "unit": unit, "status": "ok"}),
        row["council_rank"],
        row["councils_ranked"],
        row["funnel_place"],
        then,
        decimal(row["year_ago_change"]) if then else None,
        row["moved"] if then else None,
    )


def _funnel(row: Mapping[str, Any], beside: Iterable[Mapping[str, Any]]) -> Funnel | None:
    told = next((each for each in beside if each["funnel_place"] is not None), None)
    if told is None or row["value"] is None:
        return None
    return Funnel(
        row["unit"] if row["unit"] in ("percent", "rate_per_10k") else "mean",
        float(row["value"]),
        float(told["spread_between"]),
        float(told["spread_inside"] or 0),
        float(told["dispersion"]),
    )
