with kpi as (
    select * from {{ ref('int_kpi') }}
    where period_type in ('financial_year', 'academic_year', 'calendar_year', 'rolling_12m')
),

published as (
    select * from {{ ref('stg_benchmarks') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

compared_parts as (
    select * from {{ ref('stg_breakdowns') }}
    where compared_value is not null
),

-- only a count of events over the same year, of the part that it is about, can be held against the
-- published total
countable as (
    select
        kpi.*,
        indicators.time_basis,
        kpi.period_type <> 'rolling_12m'
        and indicators.time_basis = 'period_flow_count'
        and kpi.breakdown = coalesce(compared_parts.breakdown, 'total')
        and kpi.breakdown_value = coalesce(compared_parts.compared_value, 'total') as is_checked
    from kpi
    inner join indicators on kpi.indicator_id = indicators.indicator_id
    left join compared_parts on kpi.indicator_id = compared_parts.indicator_id
),

checked as (
    select
        countable.*,
        published.value as published_value,
        published.geography_level
    from countable
    left join published
        on
            countable.indicator_id = published.indicator_id
            and countable.geography_code = published.geography_code
            and countable.period_start = published.period_start
            and countable.period_end = published.period_end
            and countable.is_checked
)

select
    {{ columns_of_the_figure() }},
    month_end_mean,
    cast(published_value as decimal(18, 6)) as published_value,
    cast(published_value - coalesce(value, months_sum) as decimal(18, 6)) as year_gap,
    case
        when time_basis <> 'period_flow_count' or period_type = 'rolling_12m' then null
        when months_present between 1 and months_expected - 1 then 'incomplete'
        when published_value is null or months_present = 0 then null
        -- England and the regions are published to the nearest 10, months and year alike
        when
            geography_level in ('england', 'region')
            and abs(published_value - value) <= 5 * (months_expected + 1) then 'rounded'
        when published_value = value then 'ties'
        else 'differs'
    end as year_check,
    {{ columns_beside_the_figure() }}
from checked
