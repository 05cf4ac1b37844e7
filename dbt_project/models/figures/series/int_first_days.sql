with declared_starts as (
    select * from {{ ref('int_declared_starts') }}
),

indicator_months as (
    select * from {{ ref('int_indicator_months') }}
    where breakdown = 'total'
),

delivered_days as (
    select * from {{ ref('int_delivered_days') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- without a declared column the first event begins the series
event_starts as (
    select
        indicator_months.indicator_id,
        min(indicator_months.first_date) as earliest
    from indicator_months
    left join {{ ref('stg_indicator_starts') }} as told on indicator_months.indicator_id = told.indicator_id
    where told.indicator_id is null
    group by indicator_months.indicator_id
),

-- month ends that a dateless extract speaks for [G20]
delivered_months as (
    select
        delivered_days.indicator_id,
        min(calendar.month_start) as earliest
    from delivered_days
    inner join calendar
        on
            delivered_days.as_at = calendar.month_end
            and delivered_days.as_at = calendar.calendar_date
    group by delivered_days.indicator_id
)

select
    indicator_id,
    earliest
from declared_starts
union all
select
    delivered_months.indicator_id,
    delivered_months.earliest
from delivered_months
union all
select
    event_starts.indicator_id,
    event_starts.earliest
from event_starts
left join delivered_months on event_starts.indicator_id = delivered_months.indicator_id
where delivered_months.indicator_id is null
