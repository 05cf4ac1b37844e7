-- whole years before an edition's figure, none from before a break
with dashboard as (
    select * from {{ ref('kpi_dashboard') }}
    where headline_value is not null and not is_last_reported
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

years as (
    select * from {{ ref('kpi_yearly') }}
    where period_type in ('financial_year', 'academic_year') and breakdown = 'total' and value is not null
),

breaks as (
    select * from {{ ref('int_breaks') }}
)

select
    dashboard.as_at,
    dashboard.geography_code,
    dashboard.indicator_id,
    years.value as last_year_value,
    years.interval_lower as last_year_lower,
    years.interval_upper as last_year_upper,
    years.period_start as last_year_start,
    row_number() over (
        partition by dashboard.as_at, dashboard.geography_code, dashboard.indicator_id
        order by years.period_end desc
    ) as newest_first
from dashboard
inner join indicators on dashboard.indicator_id = indicators.indicator_id
inner join years
    on
        dashboard.geography_code = years.geography_code
        and dashboard.indicator_id = years.indicator_id
        and dashboard.headline_period_start > years.period_end
left join breaks
    on
        dashboard.geography_code = breaks.geography_code
        and dashboard.indicator_id = breaks.indicator_id
        and years.period_start < breaks.from_month
        and dashboard.headline_period_end >= breaks.from_month
where
    breaks.indicator_id is null
    -- a month's number of events is not held against a year's
    and (
        indicators.time_basis not in ('period_flow_count', 'period_distinct_count')
        or dashboard.headline_period_type = years.period_type
    )
