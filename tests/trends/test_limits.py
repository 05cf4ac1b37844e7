"""Control limits over the mart, and over series in which nothing changes."""

from collections.abc import Iterator
from random import Random

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from orchestration.settings import settings
from tests.figures.compiled import Compiled, read_compiled


def test_limits_stand_only_where_the_figures_bear_them(mart: DuckDBPyConnection) -> None:
    wrong = mart.sql(
        """
        select count(*) from marts.kpi_trends
        where (limits_reason is null) <> (lower_limit is not null) and value is not null
            or (lower_limit is null) <> (point_type is null)
        """
    ).fetchall()
    assert wrong == [(0,)]
    reasons = {
        reason.split(":")[1].split()[0]
        for (reason,) in mart.sql(
            "select distinct limits_reason from marts.kpi_trends where limits_reason is not null"
        ).fetchall()
    }
    assert {"each", "most", "too", "fewer"} <= reasons
    positions = mart.sql(
        "select count(lower_limit) from marts.kpi_trends"
        " inner join marts.dim_indicator using (indicator_id)"
        " where time_basis in ('snapshot_count', 'snapshot_ratio', 'rolling_12m_ratio')"
    ).fetchall()
    assert positions == [(0,)]
    rebased = mart.sql(
        "select min(period_start)::varchar, min(rebase_reason) from marts.kpi_trends"
        " where indicator_id = 'ehcp_active_plans_count' and rebased_from is not null"
    ).fetchall()
    assert rebased == [("2024-04-01", "More plans begin than end each year")]


def test_limits_are_of_the_two_years_before_the_april(mart: DuckDBPyConnection) -> None:
    wrong = mart.sql(
        """
        with told as (
            select *, year(period_start - interval 3 month) as fy from marts.kpi_trends
            where lower_limit is not null
        )

        select count(*), count(*) filter (
            where baseline_end >= make_date(fy, 4, 1) or baseline_start < make_date(fy - 2, 4, 1)
        ), max(means)
        from told
        inner join (
            select indicator_id, geography_code, fy, count(distinct (mean, upper_limit)) as means
            from told group by all
        ) using (indicator_id, geography_code, fy)
        """
    ).fetchall()
    assert wrong[0][0] > 10_000
    assert wrong[0][1:] == (0, 1)


@pytest.fixture
def limits(whole_job) -> Iterator[tuple[Compiled, DuckDBPyConnection]]:
    """The model of the limits with the mart's series to run it over."""
    assert whole_job.success
    compiled = read_compiled(settings.dbt_target, settings.raw, settings.checked_reference)
    with compiled.connect() as connection:
        connection.execute(f"attach '{settings.build_warehouse}' as built (read_only)")
        connection.execute(
            "create table trends.int_trend_series as from built.trends.int_trend_series"
        )
        yield compiled, connection


def judged(compiled: Compiled, connection: DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    [model] = [each for each in compiled.models if each.name == "int_control_limits"]
    connection.execute(f"create or replace table {model.relation} as {model.sql}")
    return connection.sql(f"from {model.relation}")


def test_a_closed_year_stays_as_it_was_judged(limits) -> None:
    compiled, connection = limits
    closed = "select * from trends.int_control_limits where period_end < '2020-04-01' order by all"
    judged(compiled, connection)
    afterwards = connection.sql(closed).fetchall()
    connection.execute("delete from trends.int_trend_series where period_end > '2020-03-31'")
    judged(compiled, connection)
    assert connection.sql(closed).fetchall() == afterwards
    assert len(afterwards) > 5_000


def test_hardly_a_month_stands_out_while_nothing_changes(limits) -> None:
    compiled, connection = limits
    chance = Random(20260331)
    values = [(n, chance.gauss(100, 10)) for n in range(200 * 96)]
    connection.execute("create table drawn (n integer, drawn double)")
    connection.executemany("insert into drawn values (?, ?)", values)
    connection.execute(
        """
        create table same as
        select series.* replace (
            (n // 96)::varchar as indicator_id,
            (date '2018-04-01' + to_months(n % 96))::date as period_start,
            last_day(date '2018-04-01' + to_months(n % 96)) as period_end,
            2018 * 12 + 4 + n % 96 as month_index,
            2018 + (n % 96) // 12 as financial_year,
            drawn::decimal(18, 6) as value,
            null as phase_begins,
            'count' as unit,
            'higher' as polarity
        )
        from drawn
        cross join (
            from trends.int_trend_series where not is_position and value is not null limit 1
        ) as series
        """
    )
    connection.execute("create or replace table trends.int_trend_series as from same")
    judged(compiled, connection)
    [(months, out)] = connection.sql(
        "select count(*), avg((point_type <> 'common_cause')::integer)"
        " from trends.int_control_limits where limits_reason is null"
    ).fetchall()
    assert months > 10_000
    assert 0.04 < out < 0.08
