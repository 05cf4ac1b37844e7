"""Honest series are hardly ever held back: each closed period against the one just before it.

Referrals by month of every English authority are real; the sample's series are made up.
"""

import duckdb

from orchestration.settings import settings

PAIRS = """
with figures as (
    select * from build.figures.int_current_figures
    where breakdown = 'total' and not is_provisional and value is not null
        and period_type in ('month', 'quarter', 'financial_year', 'academic_year')
),

indicators as (
    select * from build.staging.stg_indicators
),

compared as (
    select
        now.*,
        'period_before' as held_against,
        earlier.numerator as earlier_numerator,
        earlier.denominator as earlier_denominator,
        earlier.value as earlier_value
    from figures as now
    inner join figures as earlier
        on now.indicator_id = earlier.indicator_id
        and now.geography_code = earlier.geography_code
        and now.period_type = earlier.period_type
        and now.period_start = earlier.period_end + 1
),

"""


def test_honest_series_are_hardly_ever_held_back(whole_job: object) -> None:
    # the model's own rule, over every period that could have been the newest one
    model = settings.dbt_target / "compiled/childrens_kpis/models/figures/int_moved_figures.sql"
    [rule] = model.read_text(encoding="utf-8").split("-- what was published is held to half")[1:]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.build_warehouse}' as build (read_only)")
        connection.execute("use build")
        pairs, by_sample = connection.execute(
            PAIRS + "counted as (select * from compared) select count(*),"
            " count(*) filter (where geography_code = 'X06000001') from counted"
        ).fetchone()
        held = connection.execute(f"{PAIRS}--{rule}").fetchall()
    assert pairs - by_sample > 20_000 and by_sample > 4_000
    # one fall to a sixth in April 2021, as a month and as the quarter that it begins
    assert len(held) <= 2, held
