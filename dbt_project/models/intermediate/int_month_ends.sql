-- the month ends that deliveries reach to; windows are open at their early end [G8]
with calendar as (
    select * from {{ ref('int_calendar') }}
),

deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
),

covered as (
    select max(as_at) as as_at
    from deliveries
)

select
    month_ends.calendar_date as month_end,
    month_ends.month_index,
    month_ends.day_number,
    month_ends.working_day_number,
    half_year_before.calendar_date as half_year_before,
    year_before.calendar_date as year_before
from calendar as month_ends
inner join covered on month_ends.calendar_date <= covered.as_at
inner join calendar as half_year_before
    on
        month_ends.month_index - 6 = half_year_before.month_index
        and half_year_before.calendar_date = half_year_before.month_end
inner join calendar as year_before
    on
        month_ends.month_index - 12 = year_before.month_index
        and year_before.calendar_date = year_before.month_end
where month_ends.calendar_date = month_ends.month_end
