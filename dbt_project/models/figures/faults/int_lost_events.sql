with events as (
    select * from {{ ref('int_indicator_events') }}
),

indicator_months as (
    select * from {{ ref('int_indicator_months') }}
),

row_figures as (
    select * from {{ ref('int_row_figures') }}
    where period_type = 'month'
),

series as (
    select * from {{ ref('int_series') }}
    where is_delivered and series_start is not null
),

calendar_span as (
    select
        min(calendar_date) as first_day,
        max(calendar_date) as last_day
    from {{ ref('int_calendar') }}
),

dated_sums as (
    select
        events.indicator_id,
        events.breakdown,
        sum(events.numerator) as numerator,
        sum(events.denominator) as denominator
    from events
    cross join calendar_span
    where events.indicator_date between calendar_span.first_day and calendar_span.last_day
    group by events.indicator_id, events.breakdown
),

month_sums as (
    select
        indicator_id,
        breakdown,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from indicator_months
    group by indicator_id, breakdown
),

-- months inside the series whose rows are not in the month's figure
lost_months as (
    select indicator_months.indicator_id
    from indicator_months
    inner join {{ ref('stg_indicators') }} as indicators
        on indicator_months.indicator_id = indicators.indicator_id
    inner join series
        on
            indicator_months.indicator_id = series.indicator_id
            and indicator_months.month_start >= series.series_start
            and indicator_months.month_end <= series.as_at
    left join row_figures
        on
            indicator_months.indicator_id = row_figures.indicator_id
            and indicator_months.month_start = row_figures.period_start
            and indicator_months.breakdown = row_figures.breakdown
            and indicator_months.breakdown_value = row_figures.breakdown_value
    where
        indicators.frequency = 'monthly'
        and case
            -- snapshots without a delivery for the month have no figure [G20]
            when row_figures.indicator_id is null then indicators.months_rule <> 'delivered'
            when indicators.time_basis in ('period_distinct_count', 'period_median') then false
            when row_figures.denominator = 0 then false
            else row_figures.numerator <> coalesce(indicator_months.numerator, 0)
        end
)

select
    dated_sums.indicator_id,
    'EVENTS-LOST' as rule
from dated_sums
left join month_sums
    on
        dated_sums.indicator_id = month_sums.indicator_id
        and dated_sums.breakdown = month_sums.breakdown
where
    dated_sums.numerator is distinct from month_sums.numerator
    or dated_sums.denominator is distinct from month_sums.denominator
union all
select
    indicator_id,
    'EVENTS-LOST' as rule
from lost_months
