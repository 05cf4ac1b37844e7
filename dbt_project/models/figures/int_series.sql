with reach as (
    select * from {{ ref('int_reach') }}
),

starts as (
    select * from {{ ref('int_first_days') }}
),

unseen as (
    select * from {{ ref('int_unseen_chains') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

unusable as (
    select * from {{ ref('int_unusable_rows') }}
),

-- the first whole month on or after the earliest date and the day from which the extracts are
-- complete [G14], and as many later as the indicator looks back; of a return that gives its last day
-- alone that day's month, and so for a position where an extract is complete on its last day alone
first_months as (
    select
        starts.indicator_id,
        coalesce(
            known_day.month_index,
            greatest(
                first_day.month_index
                + case
                    when first_day.day_of_month = 1 then 0
                    when indicators.is_position and reach.data_from = reach.as_at then 0
                    else 1
                end
                + indicators.history_months,
                coalesce(unseen_day.month_index + 1, 0)
            )
        ) as month_index
    from starts
    inner join indicators on starts.indicator_id = indicators.indicator_id
    inner join reach on starts.indicator_id = reach.indicator_id
    inner join calendar as first_day
        on
            greatest(
                starts.earliest, coalesce(reach.data_from, starts.earliest), date '{{ var("earliest_day") }}'
            ) = first_day.calendar_date
    left join unseen on starts.indicator_id = unseen.indicator_id
    left join calendar as unseen_day on unseen.unseen_until = unseen_day.calendar_date
    left join calendar as known_day on reach.first_known_day = known_day.calendar_date
    -- greatest passes an empty date over: an extract without any begins no series
    where starts.earliest is not null
),

-- a series that begins later than the calendar ends begins at its end, after all data
last_months as (
    select max(month_index) as month_index
    from calendar
)

select
    reach.indicator_id,
    council.geography_code,
    reach.is_delivered and unusable.indicator_id is null as is_delivered,
    reach.missing_extract,
    unusable.why_not as why_unfilled,
    reach.refused_code,
    reach.oldest_extract,
    reach.as_at,
    calendar.calendar_date as series_start
from reach
cross join {{ ref('int_council') }} as council
left join unusable on reach.indicator_id = unusable.indicator_id
left join first_months on reach.indicator_id = first_months.indicator_id
cross join last_months
left join calendar
    on
        least(first_months.month_index, last_months.month_index) = calendar.month_index
        and calendar.calendar_date = calendar.month_start
        and first_months.month_index is not null
