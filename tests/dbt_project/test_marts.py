"""The figures of the mart against what the councils and DfE published."""

import csv
from datetime import date
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from orchestration.editions import words
from orchestration.editions.figures import Figure
from orchestration.settings import settings

TRUTH = Path(__file__).parent.parent / "truth"
TABLES = {"month": "kpi_monthly", "quarter": "kpi_quarterly", "financial_year": "kpi_yearly"}


def published_figures() -> list[dict[str, str]]:
    with (TRUTH / "verdicts.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    "row",
    published_figures(),
    ids=lambda row: "{geography_code}-{indicator_id}-{period_end}".format(**row),
)
def test_what_a_council_told_its_committee_comes_out_with_its_verdict(
    mart: DuckDBPyConnection, row: dict[str, str]
) -> None:
    (found,) = mart.execute(
        f"""
        select value = cast($value as decimal(18, 6)), status, origin, coalesce(rag, '')
        from marts.{TABLES[row["period_type"]]}
        where indicator_id = $indicator_id and geography_code = $geography_code
            and period_type = $period_type
            and period_start = cast($period_start as date)
            and period_end = cast($period_end as date)
        """,
        {name: row[name] for name in row if name not in ("target", "verdict")},
    ).fetchall()
    assert found == (True, "ok", "returned", row["verdict"])


def test_a_target_in_force_comes_with_every_verdict(mart: DuckDBPyConnection) -> None:
    for row in published_figures():
        assert bool(row["target"]) == bool(row["verdict"])
    targets = mart.sql(
        "select distinct indicator_id, geography_code, target from marts.kpi_quarterly"
        " where rag is not null and period_type = 'quarter'"
    ).fetchall()
    assert ("cp_visits_within_10wd_pct", "E06000005", 90) in targets


def test_twelve_months_of_referrals_are_the_year_that_was_published(
    mart: DuckDBPyConnection,
) -> None:
    checks = dict(
        mart.sql(
            """
            select year_check, count(*)
            from marts.kpi_yearly
            inner join marts.dim_geography using (geography_code)
            where indicator_id = 'referrals_count' and period_type = 'financial_year'
                and geography_type = 'local_authority' and months_present > 0
                and authority_status <> 'synthetic'
            group by year_check
            """
        ).fetchall()
    )
    assert checks == {"ties": 1_487, "incomplete": 26}


def test_an_incomplete_year_shows_the_gap_and_no_sum(mart: DuckDBPyConnection) -> None:
    (row,) = mart.sql(
        """
        select value, status, status_reason, months_present, published_value, year_gap, year_check
        from marts.kpi_yearly
        where indicator_id = 'referrals_count' and geography_code = 'E06000014'
            and period_start = date '2015-04-01' and period_type = 'financial_year'
        """
    ).fetchall()
    assert row[:3] == (None, "no_data", "2 of 12 months missing: this period is not their sum")
    months_sum = mart.sql(
        "select sum(value) from marts.kpi_monthly where indicator_id = 'referrals_count'"
        " and geography_code = 'E06000014' and period_start between '2015-04-01' and '2016-03-01'"
    ).fetchall()[0][0]
    assert row[3:] == (10, 689, 689 - months_sum, "incomplete")


def test_england_and_regions_agree_within_their_rounding(mart: DuckDBPyConnection) -> None:
    checks = mart.sql(
        "select distinct year_check from marts.kpi_yearly inner join marts.dim_geography"
        " using (geography_code) where geography_type <> 'local_authority'"
        " and period_type = 'financial_year'"
    ).fetchall()
    assert checks == [("rounded",)]


def test_an_absent_month_has_no_figure_and_a_quarter_is_never_spread(
    mart: DuckDBPyConnection,
) -> None:
    absent = mart.sql(
        "select value, status from marts.kpi_monthly where indicator_id = 'referrals_count'"
        " and geography_code = 'E06000014' and period_start = date '2015-05-01'"
    ).fetchall()
    assert absent == [(None, "no_data")]
    months = mart.sql(
        "select distinct value, status, status_reason from marts.kpi_monthly"
        " where indicator_id = 'cl_neet_pct' and geography_code = 'E06000005'"
        " and period_start >= date '2018-04-01'"
    ).fetchall()
    assert months == [(None, "no_data", "Sent by quarter or year only: not spread over months")]


def test_no_month_without_a_delivery_is_ever_zero(mart: DuckDBPyConnection) -> None:
    invented = mart.sql(
        "select count(*) from marts.kpi_monthly where origin is null and value is not null"
    ).fetchall()
    assert invented == [(0,)]


def test_a_position_at_the_end_of_quarter_4_is_that_of_the_year(mart: DuckDBPyConnection) -> None:
    year = mart.sql(
        "select value, origin from marts.kpi_yearly where indicator_id = 'cl_neet_pct'"
        " and geography_code = 'E06000005' and period_end = date '2020-03-31'"
        " and period_type = 'financial_year'"
    ).fetchall()
    assert [(float(value), origin) for value, origin in year] == [(28.1, "rolled_up")]


def test_comparisons_carry_the_benchmarks_own_year(mart: DuckDBPyConnection) -> None:
    (row,) = mart.sql(
        """
        select england_value, england_period, england_gap, neighbours_present, region_name
        from marts.kpi_dashboard
        where geography_code = 'E06000005' and as_at = date '2019-09-30'
            and indicator_id = 'assessments_within_45wd_pct'
        """
    ).fetchall()
    assert [float(row[0]), row[1], float(row[2])] == [83.1, "2018/19 financial year", 9.6]
    assert row[3:] == (10, "North East")


def test_the_neighbour_mean_is_the_plain_mean_of_the_neighbours_present(
    mart: DuckDBPyConnection,
) -> None:
    seeds = Path(__file__).parent.parent.parent / "seeds"
    with (seeds / "reference" / "statistical_neighbours.csv").open(encoding="utf-8") as lines:
        neighbours = [
            row["neighbour_code"]
            for row in csv.DictReader(lines)
            if (row["neighbour_model"], row["geography_code"]) == ("DfE April 2021", "E06000005")
        ]
    values = [
        row[0]
        for row in mart.execute(
            f"""
            select value from read_parquet('{seeds / "benchmarks" / "benchmarks.parquet"}')
            where indicator_id = 'icpc_within_15wd_pct' and period_end = date '2019-03-31'
                and geography_code in (select unnest($neighbours)) and value is not null
            """,
            {"neighbours": neighbours},
        ).fetchall()
    ]
    (found,) = mart.sql(
        "select value, areas_present from marts.kpi_benchmarks"
        " where indicator_id = 'icpc_within_15wd_pct' and geography_code = 'E06000005'"
        " and comparator = 'statistical_neighbours' and neighbour_model = 'DfE April 2021'"
        " and period_end = date '2019-03-31'"
    ).fetchall()
    assert found[1] == len(values) >= 5
    assert float(found[0]) == pytest.approx(float(sum(values)) / len(values), abs=1e-6)


def test_counts_are_never_averaged_over_neighbours(mart: DuckDBPyConnection) -> None:
    averaged = mart.sql(
        "select count(*) from marts.kpi_benchmarks inner join marts.dim_indicator"
        " using (indicator_id) where unit = 'count' and comparator = 'statistical_neighbours'"
    ).fetchall()
    assert averaged == [(0,)]


def test_every_authority_in_the_data_has_its_newest_edition_with_all_indicators(
    mart: DuckDBPyConnection,
) -> None:
    editions = mart.sql(
        "select geography_code, as_at, count(*) from marts.kpi_dashboard group by all"
    ).fetchall()
    assert {count for _, _, count in editions} == {66}
    newest = mart.sql(
        "select count(distinct geography_code) from marts.kpi_monthly"
        " inner join marts.dim_geography using (geography_code)"
        " where geography_type = 'local_authority'"
    ).fetchall()
    assert len({code for code, _, _ in editions}) == newest[0][0]


@pytest.mark.parametrize(
    ("fewer", "more", "both"),
    [
        ("rereferrals_12m_pct d", "referrals_count n", True),
        ("eh_referral_to_assessment_pct d", "eh_referrals_count n", True),
        ("eh_assessment_avg_wd d", "eh_assessments_within_30wd_pct d", True),
        ("permanent_exclusion_rate_pct n", "permanent_exclusions_count n", True),
        ("cic_rate_per_10k n", "cic_count n", True),
        ("cl_neet_pct d", "cl_count n", True),
        ("cic_three_plus_sw_12m_pct n", "cic_more_than_one_sw_12m_pct n", False),
        ("missing_children_count n", "missing_incidents_count n", False),
        ("missing_children_count care n", "missing_incidents_count care n", False),
    ],
)
def test_the_build_finds_which_sides_count_the_same_rows(
    mart: DuckDBPyConnection, fewer: str, more: str, both: bool
) -> None:
    sides = """concat_ws(' ', {0}indicator_id, nullif({0}breakdown_value, 'total'), {0}side)"""
    found = {
        (one, other)
        for one, other in mart.sql(
            f"select {sides.format('')}, {sides.format('other_')} from marts.dim_tie"
        ).fetchall()
    }
    assert (fewer, more) in found
    assert ((more, fewer) in found) is both


def test_reasons_are_tied_to_the_side_that_they_are_reasons_for(mart: DuckDBPyConnection) -> None:
    """Late assessments, by the reason for delay, are those that are not counted."""
    kinds = """
        select count(distinct breakdown_value) from marts.dim_tie
        where indicator_id = 'assessments_within_45wd_pct' and breakdown = 'delay_reason'
            and other_indicator_id = indicator_id and other_breakdown = 'total'
    """
    [(tied,)] = mart.sql(f"{kinds} and side = 'n' and other_side = 'm'").fetchall()
    [(all_of_them,)] = mart.sql(kinds).fetchall()
    assert tied == all_of_them > 0


def test_darlingtons_areas_for_improvement_are_those_of_its_minutes(
    mart: DuckDBPyConnection,
) -> None:
    """Quarter 2 of 2019/20: visits on protection plans at 73.8 %, and visits to children in care at
    86.3 %, inside the tolerance but for the second quarter running."""
    found = mart.sql(
        "select indicator_id, headline_value::double, rag"
        " from marts.kpi_areas_for_improvement"
        " inner join marts.kpi_dashboard using (geography_code, as_at, indicator_id)"
        " where geography_code = 'E06000005' and as_at = date '2019-09-30' and is_below_target"
        " order by indicator_id"
    ).fetchall()
    assert found == [
        ("cic_statutory_visits_in_timescale_pct", 86.3, "amber"),
        ("cp_visits_within_10wd_pct", 73.8, "red"),
    ]


def test_plans_of_a_calendar_year_are_held_against_the_same_calendar_year(
    mart: DuckDBPyConnection,
) -> None:
    years = mart.sql(
        """
        select distinct period_end, england_period from marts.kpi_yearly
        where indicator_id = 'ehcp_issued_within_20wk_pct' and period_type = 'calendar_year'
            and geography_code = 'X06000001' and value is not null and england_value is not null
        """
    ).fetchall()
    told = {end.year: period for end, period in years}
    assert {year: told[year] for year in (2023, 2024)} == {
        2023: "2023 calendar year",
        2024: "2024 calendar year",
    }


def test_parts_say_what_they_are_shares_of_and_which_one_is_compared(
    mart: DuckDBPyConnection,
) -> None:
    told = mart.sql("select * from marts.dim_breakdown").fetchall()
    late = ("rest", "the late ones", None)
    assert {row for row in told if row[2] == "rest"} == {
        ("assessments_within_45wd_pct", "delay_reason", *late, "Reason for delay"),
        ("supervision_in_timescale_pct", "lateness", *late, "How late"),
    }
    assert {(row[0], row[1], row[4]) for row in told if row[4]} == {
        ("cl_count", "age_part", "19-21"),
        ("cl_in_touch_pct", "age_part", "19-21"),
        ("cl_neet_pct", "age_part", "19-21"),
        ("cl_suitable_accommodation_pct", "age_part", "19-21"),
        ("missing_incidents_count", "setting", "care"),
        ("missing_children_count", "setting", "care"),
    }


def test_a_period_is_called_in_the_mart_what_documents_call_it(mart: DuckDBPyConnection) -> None:
    periods = mart.sql(
        "select period_type, period_start, period_end, period_label from marts.dim_period"
    ).fetchall()
    assert len({kind for kind, *_ in periods}) == 7
    for kind, start, end, label in periods:
        assert label == words.period(Figure(kind, start, end, None, None, None, "ok"))


def test_a_period_says_which_years_and_quarter_it_ends_in(mart: DuckDBPyConnection) -> None:
    told = mart.sql(
        """
        select period_id, months, quarter_number, financial_year, academic_year, calendar_year
        from marts.dim_period
        where period_end in (date '2020-03-31', date '2019-08-31') and period_type <> 'rolling_12m'
        """
    ).fetchall()
    assert set(told) == {
        ("month 2019-08-01/2019-08-31", 1, 2, "2019/20", "2018/19", 2019),
        ("year_to_date 2018-09-01/2019-08-31", 12, None, "2019/20", "2018/19", 2019),
        ("year_to_date 2019-04-01/2019-08-31", 5, None, "2019/20", "2018/19", 2019),
        ("academic_year 2018-09-01/2019-08-31", 12, None, "2019/20", "2018/19", 2019),
        ("month 2020-03-01/2020-03-31", 1, 4, "2019/20", "2019/20", 2020),
        ("quarter 2020-01-01/2020-03-31", 3, 4, "2019/20", "2019/20", 2020),
        ("year_to_date 2019-09-01/2020-03-31", 7, None, "2019/20", "2019/20", 2020),
        ("year_to_date 2019-04-01/2020-03-31", 12, None, "2019/20", "2019/20", 2020),
        ("financial_year 2019-04-01/2020-03-31", 12, None, "2019/20", "2019/20", 2020),
    }


def test_every_figure_of_the_mart_lies_in_a_period_of_its_own(mart: DuckDBPyConnection) -> None:
    for table in ("kpi_monthly", "kpi_quarterly", "kpi_yearly"):
        assert mart.sql(
            f"""
            select count(*) from marts.{table} as kpi
            anti join marts.dim_period as periods using (period_type, period_start, period_end)
            """
        ).fetchall() == [(0,)]


def test_standings_are_the_ranks_of_the_official_figures(mart: DuckDBPyConnection) -> None:
    """Counted once more from the file of official figures: how many stand before, of how many."""
    polarities = dict(mart.sql("select indicator_id, polarity from marts.dim_indicator").fetchall())
    counted = "select indicator_id from marts.dim_indicator where unit = 'count'"
    counts = {indicator_id for (indicator_id,) in mart.sql(counted).fetchall()}
    official: dict[tuple[str, date, date], list[tuple[str, float]]] = {}
    for indicator_id, start, end, code, value in mart.sql(
        "select indicator_id, period_start, period_end, geography_code, value"
        f" from '{settings.reference.seeds / 'benchmarks' / 'benchmarks.parquet'}'"
        " where geography_level = 'local_authority'"
    ).fetchall():
        if indicator_id not in counts:
            official.setdefault((indicator_id, start, end), []).append((code, value))
    found = mart.sql("select * from marts.kpi_standings").df()
    assert len(found) == sum(map(len, official.values())) > 28_000
    for row in found.itertuples():
        period = row.indicator_id, row.period_start.date(), row.period_end.date()
        values = [value for _, value in official[period]]
        own = float(row.value)
        lower = polarities[row.indicator_id] == "lower"
        before = sum(float(each) < own if lower else float(each) > own for each in values)
        assert (row.standing, row.authorities) == (before + 1, len(values))
        assert row.quarter_of_all == before * 4 // len(values) + 1
