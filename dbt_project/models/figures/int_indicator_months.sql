with events as (
    select * from {{ ref('int_indicator_events') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
)

select
    events.indicator_id,
    calendar.month_start,
    calendar.month_end,
    events.breakdown,
    events.breakdown_value,
    sum(events.numerator) as numerator,
    sum(events.denominator) as denominator,
    -- wide enough for the longest time and the greatest number that check-in lets through
    sum(cast(events.numerator as decimal(19, 6)) * events.numerator) as numerator_squares,
    min(events.indicator_date) as first_date
from events
inner join calendar on events.indicator_date = calendar.calendar_date
group by
    events.indicator_id,
    calendar.month_start,
    calendar.month_end,
    events.breakdown,
    events.breakdown_value
