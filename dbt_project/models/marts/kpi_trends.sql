with series as (
    select * from {{ ref('int_trend_series') }}
),

limits as (
    select * from {{ ref('int_control_limits') }}
),

directions as (
    select * from {{ ref('int_directions') }}
),

baselines as (
    select * from {{ ref('int_baselines') }}
)

select
    series.indicator_id,
    series.geography_code,
    series.period_start,
    series.period_end,
    series.value,
    cast(limits.mean as decimal(18, 6)) as mean,
    cast(limits.lower_limit as decimal(18, 6)) as lower_limit,
    cast(limits.upper_limit as decimal(18, 6)) as upper_limit,
    limits.limits_reason,
    limits.rule,
    limits.point_type,
    limits.assurance,
    limits.baseline_start,
    limits.baseline_end,
    baselines.from_month as rebased_from,
    baselines.reason as rebase_reason,
    cast(year_on_year.verdict as varchar(20)) as year_on_year,
    cast(year_on_year.value_now as decimal(18, 6)) as year_on_year_value,
    cast(year_on_year.value_before as decimal(18, 6)) as year_on_year_before,
    cast(latest_quarter.verdict as varchar(20)) as latest_quarter,
    cast(latest_quarter.value_now as decimal(18, 6)) as latest_quarter_value,
    cast(latest_quarter.value_before as decimal(18, 6)) as latest_quarter_before
from series
left join limits
    on
        series.indicator_id = limits.indicator_id
        and series.geography_code = limits.geography_code
        and series.period_end = limits.period_end
left join baselines
    on
        series.indicator_id = baselines.indicator_id
        and series.geography_code = baselines.geography_code
        and series.phase_begins = baselines.from_month
left join directions as year_on_year
    on
        series.indicator_id = year_on_year.indicator_id
        and series.geography_code = year_on_year.geography_code
        and series.period_end = year_on_year.period_end
        and year_on_year.span = 'year_on_year'
left join directions as latest_quarter
    on
        series.indicator_id = latest_quarter.indicator_id
        and series.geography_code = latest_quarter.geography_code
        and series.period_end = latest_quarter.period_end
        and latest_quarter.span = 'latest_quarter'
