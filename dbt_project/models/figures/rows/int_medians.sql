with events as (
    select * from {{ ref('int_indicator_events') }}
    where numerator is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
    where time_basis = 'period_median'
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

period_months as (
    select * from {{ ref('int_period_months') }}
),

month_values as (
    select
        events.indicator_id,
        events.breakdown,
        events.breakdown_value,
        calendar.month_start,
        events.numerator,
        count(*) as measured
    from events
    inner join indicators on events.indicator_id = indicators.indicator_id
    inner join calendar on events.indicator_date = calendar.calendar_date
    group by
        events.indicator_id, events.breakdown, events.breakdown_value, calendar.month_start, events.numerator
),

period_values as (
    select
        month_values.indicator_id,
        period_months.period_id,
        month_values.breakdown,
        month_values.breakdown_value,
        month_values.numerator,
        sum(month_values.measured) as measured
    from month_values
    inner join period_months on month_values.month_start = period_months.month_start
    group by
        month_values.indicator_id,
        period_months.period_id,
        month_values.breakdown,
        month_values.breakdown_value,
        month_values.numerator
),

ranked_values as (
    select
        *,
        sum(measured) over (
            partition by indicator_id, period_id, breakdown, breakdown_value
            order by numerator
        ) as measured_up_to,
        sum(measured) over (
            partition by indicator_id, period_id, breakdown, breakdown_value
        ) as measured_in_all
    from period_values
),

middle_values as (
    select
        indicator_id,
        period_id,
        breakdown,
        breakdown_value,
        max(measured_in_all) as measured,
        cast(min(case when 2 * measured_up_to >= measured_in_all then numerator end) as decimal(38, 6))
            as lower_middle,
        cast(min(case when 2 * measured_up_to > measured_in_all then numerator end) as decimal(38, 6))
            as upper_middle
    from ranked_values
    group by indicator_id, period_id, breakdown, breakdown_value
)

-- the value in the middle, or the mean of the two, cut off after the sixth decimal
select
    indicator_id,
    period_id,
    breakdown,
    breakdown_value,
    measured,
    floor((lower_middle + upper_middle) * 500000) / 1000000 as median_value
from middle_values
