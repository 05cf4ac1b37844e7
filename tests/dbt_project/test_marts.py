"""The figures of the mart against what the councils and DfE published."""

import csv
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

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
    assert {count for _, _, count in editions} == {60}
    newest = mart.sql(
        "select count(distinct geography_code) from marts.kpi_monthly"
        " inner join marts.dim_geography using (geography_code)"
        " where geography_type = 'local_authority'"
    ).fetchall()
    assert len({code for code, _, _ in editions}) == newest[0][0]
