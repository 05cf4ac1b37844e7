"""A small mart in DuckDB with the columns that publishing reads, and one council's edition in it.

The council, its numbers and its indicators' states are made up; between them the rows show every
kind of row a committee table can have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.editions.edition import load_edition
from orchestration.editions.figures import Edition, Indicator
from orchestration.editions.series import month_end

COUNCIL, AS_AT = "E06000005", date(2019, 9, 30)

_FIGURE = "period_start date, period_end date, numerator decimal(18,4), denominator decimal(18,4), \
value decimal(18,6), status varchar"
_COMPARED = """previous_value decimal(18,6), previous_change decimal(18,6),
    year_ago_value decimal(18,6), year_ago_change decimal(18,6), target decimal(18,6),
    target_kind varchar, tolerance decimal(18,6), rag varchar, rag_reason varchar,
    target_certainty varchar, cases_to_target integer, previous_rag varchar,
    england_value decimal(18,6), england_period varchar, england_gap decimal(18,6),
    england_verdict varchar, region_value decimal(18,6), region_period varchar,
    region_gap decimal(18,6), region_verdict varchar, neighbours_value decimal(18,6),
    neighbours_period varchar, neighbours_gap decimal(18,6), neighbours_verdict varchar,
    neighbours_present integer, benchmark_reason varchar, interval_lower decimal(18,6),
    interval_upper decimal(18,6)"""
_KPI = f"""indicator_id varchar, geography_code varchar, period_type varchar, {_FIGURE},
    breakdown varchar, breakdown_value varchar, status_reason varchar, origin varchar,
    source_note varchar, months_expected integer, months_present integer, {_COMPARED}"""
_INDICATOR = """indicator_id varchar, indicator_name varchar, dashboard_no integer,
    dashboard varchar, tier varchar, unit varchar, decimals integer, polarity varchar,
    disclosure_class varchar, frequency varchar"""


def _prefixed(prefix: str, columns: str) -> str:
    return ", ".join(prefix + column.strip() for column in columns.split(", "))


TABLES = {
    "dim_breakdown": """indicator_id varchar, breakdown varchar, share_of varchar,
        rest_text varchar, compared_value varchar, breakdown_label varchar""",
    "dim_geography": """geography_code varchar, geography_name varchar, geography_type varchar,
        authority_status varchar, region_code varchar, region_name varchar, valid_from date,
        valid_to date, predecessors varchar, successors varchar""",
    "dim_indicator": f"""{_INDICATOR}, catalogue_order integer, time_basis varchar,
        basis varchar, numerator_text varchar, denominator_text varchar, note varchar,
        benchmark_none_reason varchar""",
    "dim_part": "breakdown varchar, part varchar, place integer, part_label varchar",
    "dim_tie": """indicator_id varchar, breakdown varchar, breakdown_value varchar, side varchar,
        other_indicator_id varchar, other_breakdown varchar, other_breakdown_value varchar,
        other_side varchar""",
    "dim_neighbour": """geography_code varchar, neighbour_code varchar, neighbour_model varchar,
        neighbour_rank integer, valid_from date, valid_until date""",
    "kpi_standings": """indicator_id varchar, geography_code varchar, period_label varchar,
        year_basis varchar, period_start date, period_end date, value decimal(18,6),
        standing integer, authorities integer, quarter_of_all integer, lowest decimal(18,6),
        lower_quartile decimal(18,6), middle decimal(18,6), upper_quartile decimal(18,6),
        highest decimal(18,6), source_id varchar""",
    "kpi_monthly": _KPI,
    "kpi_quarterly": _KPI,
    "fct_restatement": """indicator_id varchar, geography_code varchar, period_type varchar,
        period_start date, period_end date, breakdown varchar, published_numerator decimal(18,6),
        published_denominator decimal(18,6), published_value decimal(18,6),
        numerator decimal(18,6), denominator decimal(18,6), value decimal(18,6),
        difference decimal(18,6), cause varchar, is_newest boolean""",
    "kpi_trends": """indicator_id varchar, geography_code varchar, period_start date,
        period_end date, value decimal(18,6), mean decimal(18,6), lower_limit decimal(18,6),
        upper_limit decimal(18,6), limits_reason varchar, rule varchar, point_type varchar,
        assurance varchar, baseline_start date, baseline_end date, rebased_from date,
        rebase_reason varchar, year_on_year varchar, year_on_year_value decimal(18,6),
        year_on_year_before decimal(18,6), latest_quarter varchar,
        latest_quarter_value decimal(18,6), latest_quarter_before decimal(18,6)""",
    "kpi_areas_for_improvement": """as_at date, geography_code varchar, area_rank integer,
        area varchar, indicator_id varchar, is_below_target boolean,
        is_worse_than_last_year boolean, last_year_value decimal(18,6), last_year_start date,
        is_worse_than_benchmarks boolean, is_recalled boolean, is_added boolean,
        decision_reason varchar, is_surely_below_target boolean,
        tolerances_short decimal(18,6)""",
    "kpi_yearly": f"{_KPI}, month_end_mean decimal(18,6), published_value decimal(18,6)",
    "kpi_dashboard": f"""as_at date, geography_code varchar, is_newest boolean,
        geography_name varchar, {_INDICATOR},
        {_prefixed("month_", _FIGURE)}, {_prefixed("quarter_", _FIGURE)},
        {_prefixed("year_to_date_", _FIGURE)}, {_prefixed("year_", _FIGURE)},
        headline_period_type varchar, {_prefixed("headline_", _FIGURE)},
        headline_status_reason varchar, headline_origin varchar, headline_source_note varchar,
        headline_previous_value decimal(18,6), headline_previous_change decimal(18,6),
        headline_year_ago_value decimal(18,6), headline_year_ago_change decimal(18,6),
        is_last_reported boolean, target decimal(18,6), target_kind varchar,
        tolerance decimal(18,6), rag varchar, rag_reason varchar, target_certainty varchar,
        cases_to_target integer, previous_rag varchar, headline_interval_lower decimal(18,6),
        headline_interval_upper decimal(18,6),
        england_value decimal(18,6), england_period varchar, england_gap decimal(18,6),
        england_verdict varchar, region_name varchar, region_value decimal(18,6),
        region_period varchar, region_gap decimal(18,6), region_verdict varchar,
        neighbours_value decimal(18,6), neighbours_period varchar, neighbours_gap decimal(18,6),
        neighbours_verdict varchar, neighbours_present integer, neighbours_left_out varchar,
        benchmark_reason varchar, compared_breakdown varchar, compared_part varchar,
        dashboard_note varchar""",
}

DASHBOARDS = {
    1: "Education, Health and Care Plans",
    2: "Early Help",
    3: "Children's Social Care Front Door",
    4: "Child Protection",
    5: "Children in Care",
    6: "Care Leavers",
    7: "Missing, return interviews and exclusions",
    8: "Workforce and practice",
}
LENGTH = {"month": 1, "quarter": 3, "financial_year": 12, "academic_year": 12}
TABLE = {"month": "kpi_monthly", "quarter": "kpi_quarterly"}

Number = float | int | None


@dataclass(frozen=True)
class Case:
    """One indicator: its figures as (period_type, period_end, numerator, denominator, value)."""

    indicator_id: str
    name: str
    dashboard_no: int
    figures: tuple[tuple[str, str, Number, Number, Number], ...] = ()
    unit: str = "percent"
    decimals: int = 1
    polarity: str = "higher"
    disclosure_class: str = "process"
    tier: str = "core"
    row: Mapping[str, Any] = field(default_factory=dict)
    """Columns of kpi_dashboard besides what the figures give."""


def quarters(first: str, *figures: tuple[Number, Number, Number] | None) -> tuple[Any, ...]:
    """A run of quarters from the one ending at `first`; None leaves one out."""
    start = date.fromisoformat(first)
    return tuple(
        ("quarter", month_end(start, 3 * n).isoformat(), *figure)
        for n, figure in enumerate(figures)
        if figure
    )


def months(first: str, *figures: tuple[Number, Number, Number] | None) -> tuple[Any, ...]:
    """A run of months from the one ending at `first`; None leaves one out."""
    start = date.fromisoformat(first)
    return tuple(
        ("month", month_end(start, n).isoformat(), *figure)
        for n, figure in enumerate(figures)
        if figure
    )


INTERNAL = {"target_kind": "internal"}
CASES = (
    Case(
        "ehcp_issued_within_20wk_pct",
        "New EHC plans issued within 20 weeks of the request",
        1,
        row={"benchmark_reason": "This council is not in the published table."},
    ),
    Case(
        "eh_assessment_avg_wd",
        "Average working days from Early Help referral to assessment completed",
        2,
        months("2019-06-30", (1720, 40, 43), (1400, 40, 35), (1281, 42, 30.5), (1230, 41, 30)),
        unit="days",
        polarity="lower",
        row={
            "target": 30,
            "tolerance": 3,
            "rag": "green",
            **INTERNAL,
            "benchmark_reason": "Early Help is not a statutory service: it is not collected.",
        },
    ),
    Case(
        "eh_referrals_count",
        "Children referred for an Early Help assessment",
        2,
        months("2019-06-30", (51, None, 51), (62, None, 62), (40, None, 40), (51, None, 51)),
        unit="count",
        decimals=0,
        polarity="neutral",
        disclosure_class="child_count",
        row={"benchmark_reason": "Early Help is not a statutory service: it is not collected."},
    ),
    Case(
        "assessments_within_45wd_pct",
        "Assessments completed within 45 working days",
        3,
        (
            *quarters(
                "2018-06-30",
                (None, None, 90.1),
                (None, None, 85),
                None,
                (None, None, 86.4),
                (None, None, 88.1),
                (88, 95, None),
            ),
            ("financial_year", "2018-03-31", 301, 350, None),
            ("financial_year", "2019-03-31", None, None, 87.2),
        ),
        tier="headline",
        row={
            "target": 90,
            "tolerance": 5,
            "rag": "green",
            "target_kind": "internal",
            "england_value": 83.1,
            "england_period": "2018/19",
            "england_gap": 9.531579,
            "england_verdict": "better",
            "target_certainty": None,
            "headline_interval_lower": 85.558,
            "headline_interval_upper": 96.382,
            "region_value": 86,
            "region_period": "2018/19",
            "region_gap": 6.631579,
            "region_verdict": "similar",
            "neighbours_value": 84.25,
            "neighbours_period": "2018/19",
            "neighbours_gap": 8.381579,
            "neighbours_verdict": "better",
            "neighbours_present": 9,
            "neighbours_left_out": "Cumbria (abolished)",
            "source_note": "=Quarter 2 report, item 6",
        },
    ),
    Case(
        "cp_visits_within_10wd_pct",
        "Child protection visits due that took place within 10 working days",
        4,
        quarters("2019-03-31", (None, None, 77.8), (None, None, 82.6), (None, None, 73.8)),
        row={
            "target": 90,
            "tolerance": 5,
            "rag": "red",
            "target_kind": "internal",
            "target_certainty": "unknown",
            "benchmark_reason": "Visits are no longer collected nationally.",
        },
    ),
    Case(
        "cic_count",
        "Children in care at the end of the period",
        5,
        (
            *months("2017-08-31", *((n, None, n) for n in range(230, 256))),
            ("financial_year", "2018-03-31", 237, None, 237),
            ("financial_year", "2019-03-31", 249, None, 249),
        ),
        unit="count",
        decimals=0,
        polarity="neutral",
        disclosure_class="child_count",
        tier="headline",
        row={"benchmark_reason": "A number is not compared between councils; see the rate."},
    ),
    Case(
        "cic_statutory_visits_in_timescale_pct",
        "Statutory visits to children in care made in timescale",
        5,
        quarters("2019-06-30", (None, None, 89.6), (None, None, 86.3)),
        row={
            "target": 90,
            "tolerance": 5,
            "rag": "amber",
            "target_kind": "statutory",
            "benchmark_reason": "Visits are not in the national return.",
        },
    ),
    Case(
        "cic_three_plus_placements_12m_pct",
        "Children in care with three or more placements in 12 months",
        5,
        (("quarter", "2018-12-31", None, None, 9.6),),
        polarity="lower",
        disclosure_class="child_attribute",
        row={
            "is_last_reported": True,
            "target": 10,
            "tolerance": 2,
            **INTERNAL,
            "england_value": 10,
            "england_period": "2018/19",
        },
    ),
    Case(
        "cl_suitable_accommodation_pct",
        "Care leavers in suitable accommodation",
        6,
        quarters("2019-06-30", (70, 82, None), (97, 100, None)),
        disclosure_class="child_attribute",
        row={
            "england_value": 85,
            "england_period": "2018/19",
            "england_gap": 12,
            "rag_reason": None,
            "benchmark_reason": "Fewer than five neighbours are present.",
        },
    ),
    Case(
        "cl_neet_pct",
        "Care leavers not in education, employment or training",
        6,
        quarters("2019-06-30", (None, None, 29.6), (None, None, 23.1)),
        polarity="lower",
        disclosure_class="child_attribute",
        row={
            "england_value": 30,
            "england_period": "2018/19",
            "england_gap": -6.9,
            "england_verdict": "unknown",
        },
    ),
    Case(
        "missing_children_count",
        "Children who went missing",
        7,
        months("2019-06-30", (9, None, 9), (3, None, 3), (0, None, 0), (4, None, 4)),
        unit="count",
        decimals=0,
        polarity="lower",
        disclosure_class="child_count",
        row={"benchmark_reason": "No national figure covers children missing from home."},
    ),
    Case(
        "permanent_exclusion_rate_pct",
        "Permanent exclusion rate (academic year)",
        7,
        (
            ("academic_year", "2018-08-31", 12, 12040, None),
            ("academic_year", "2019-08-31", 15, 12110, None),
        ),
        decimals=2,
        polarity="lower",
        disclosure_class="child_attribute",
        row={
            "england_value": 0.1,
            "england_period": "2018/19 academic",
            "england_gap": 0.023864,
            "frequency": "annual",
        },
    ),
    Case(
        "sw_turnover_12m_pct",
        "Social worker turnover, rolling 12 months",
        8,
        quarters("2019-03-31", (14.5, 88, None), (15, 88.2, None), (16.4, 87.5, None)),
        polarity="lower",
        disclosure_class="workforce",
        row={
            "target": 16,
            "tolerance": 2,
            "rag": "red",
            "target_kind": "internal",
            "target_certainty": "could_be_chance",
            "cases_to_target": 3,
            "headline_interval_lower": 12.09,
            "headline_interval_upper": 27.7,
        },
    ),
)


_AREA = {
    "as_at": AS_AT,
    "geography_code": COUNCIL,
    "is_below_target": False,
    "is_worse_than_last_year": False,
    "is_worse_than_benchmarks": False,
    "is_recalled": False,
    "is_added": False,
    "is_surely_below_target": False,
}
AREAS: tuple[dict[str, Any], ...] = (
    {
        "area_rank": 1,
        "area": "Care leavers' work",
        "indicator_id": "cl_neet_pct",
        "is_recalled": True,
        "decision_reason": "minute 14",
    },
    {
        "area_rank": 2,
        "area": "Turnover",
        "indicator_id": "sw_turnover_12m_pct",
        "is_below_target": True,
        "is_worse_than_last_year": True,
        "last_year_value": 12.5,
        "last_year_start": date(2018, 4, 1),
        "is_worse_than_benchmarks": True,
    },
)


def build_mart(path: Path, cases: tuple[Case, ...] = CASES) -> None:
    """Write a build.duckdb with the marts of `cases` for one council as at one month."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for table, columns in TABLES.items():
            connection.execute(f"create table marts.{table} ({columns})")
        council = {"geography_code": COUNCIL, "authority_status": "current"}
        _insert(connection, "dim_geography", council)
        for case in cases:
            _insert_case(connection, case)
        for area in AREAS:
            if area["indicator_id"] in {case.indicator_id for case in cases}:
                _insert(connection, "kpi_areas_for_improvement", _AREA | area)


def _insert_case(connection: duckdb.DuckDBPyConnection, case: Case) -> None:
    about = {
        "indicator_id": case.indicator_id,
        "indicator_name": case.name,
        "dashboard_no": case.dashboard_no,
        "dashboard": DASHBOARDS[case.dashboard_no],
        "tier": case.tier,
        "unit": case.unit,
        "decimals": case.decimals,
        "polarity": case.polarity,
        "disclosure_class": case.disclosure_class,
        "frequency": case.row.get("frequency", "monthly"),
    }
    basis = {"count": "period_flow_count", "days": "period_mean"}.get(case.unit)
    described = {
        "numerator_text": "Those counted",
        "time_basis": basis or "period_flow_ratio",
        "catalogue_order": case.dashboard_no,
    }
    _insert(connection, "dim_indicator", {**about, **described})
    figures = [_figure(case, *figure) for figure in case.figures]
    for figure in figures:
        table = TABLE.get(figure["period_type"], "kpi_yearly")
        total = {"breakdown": "total", "breakdown_value": "total", "geography_code": COUNCIL}
        _insert(connection, table, {"indicator_id": case.indicator_id, **figure, **total})
    _insert(connection, "kpi_dashboard", {**about, **_dashboard_row(case, figures)})


def _figure(case: Case, period_type: str, end: str, top: Number, bottom: Number, value: Number):
    per = {"percent": 100, "rate_per_10k": 10_000}.get(case.unit, 1)
    if value is None and top is not None and bottom:
        value = round(top / bottom * per, 6)
    last = date.fromisoformat(end)
    return {
        "period_type": period_type,
        "period_start": month_end(last, -LENGTH[period_type]) + timedelta(days=1),
        "period_end": last,
        "numerator": top,
        "denominator": bottom / per if case.unit == "rate_per_10k" and bottom else bottom,
        "value": value,
        "status": "ok" if value is not None else "no_cases",
    }


def _dashboard_row(case: Case, figures: list[dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "as_at": AS_AT,
        "is_newest": True,
        "geography_code": COUNCIL,
        "geography_name": "Darlington",
        "region_name": "North East",
        "headline_status": "no_data",
        "headline_status_reason": "no return for this indicator",
        "is_last_reported": False,
    }
    current = [figure for figure in figures if figure["period_end"] <= AS_AT]
    recent = [figure for figure in current if figure["period_type"] in TABLE] or current
    if recent:
        headline = recent[-1]
        row |= {f"headline_{column}": headline[column] for column in headline}
        row |= {"headline_status_reason": None, "headline_origin": "returned"}
        for which, back in (("previous", LENGTH[headline["period_type"]]), ("year_ago", 12)):
            then = month_end(headline["period_end"], -back)
            for figure in figures:
                same_kind = figure["period_type"] == headline["period_type"]
                if (
                    same_kind
                    and figure["period_end"] == then
                    and None
                    not in (
                        figure["value"],
                        headline["value"],
                    )
                ):
                    row[f"headline_{which}_value"] = figure["value"]
                    row[f"headline_{which}_change"] = headline["value"] - figure["value"]
    for prefix in ("month", "quarter"):
        for figure in current:
            if figure["period_type"] == prefix:
                row |= {f"{prefix}_{c}": figure[c] for c in figure if c != "period_type"}
    for figure in current:
        if figure["period_type"] not in TABLE:
            row |= {f"year_{c}": figure[c] for c in figure if c != "period_type"}
    given = {
        ("headline_" + column if column in ("status_reason", "source_note") else column): value
        for column, value in case.row.items()
    }
    return {**row, **given}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    values = {c: Decimal(str(v)) if isinstance(v, float) else v for c, v in row.items()}
    marks = ", ".join("?" for _ in values)
    connection.execute(
        f"insert into marts.{table} ({', '.join(values)}) values ({marks})", list(values.values())
    )


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build.duckdb with the small mart; tests only read it."""
    path = tmp_path_factory.mktemp("warehouse") / "build.duckdb"
    build_mart(path)
    return path


@pytest.fixture
def mart(build: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An open, read-only connection to the small mart."""
    with duckdb.connect(str(build), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def edition(build: Path) -> Edition:
    """The council's edition of the small mart."""
    with duckdb.connect(str(build), read_only=True) as connection:
        return load_edition(connection, COUNCIL, AS_AT)


@pytest.fixture(scope="session")
def synthetic_edition(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The same edition in a mart that says the council is made up."""
    path = tmp_path_factory.mktemp("synthetic") / "build.duckdb"
    path.write_bytes(build.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("update marts.dim_geography set authority_status = 'synthetic'")
        return load_edition(connection, COUNCIL, AS_AT)


@pytest.fixture(scope="session")
def row(edition: Edition) -> Callable[[str], Indicator]:
    """The row of an indicator in the small mart's edition, by id."""
    by_id = {indicator.indicator_id: indicator for indicator in edition.rows}
    return by_id.__getitem__
