-- from the first day that check-in believes to the year after the newest delivery, or as far as the
-- bank holidays are known
{% set first_day = "date '" ~ var('earliest_day') ~ "'" %}

with digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbers as (
    select
        ten_thousands.digit * 10000 + thousands.digit * 1000 + hundreds.digit * 100 + tens.digit * 10
        + units.digit as day_number
    from digits as ten_thousands
    cross join digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as units
),

holidays as (
    select * from {{ ref('stg_bank_holidays') }}
),

deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
),

-- greatest passes an empty year over
bounds as (
    select
        greatest(
            (select max(extract(year from holiday_date)) from holidays),
            (select max(extract(year from as_at)) + 1 from deliveries)
        ) as last_year
),

days as (
    select
        day_number,
        cast({{ dbt.dateadd('day', 'day_number', first_day) }} as date) as calendar_date
    from numbers
),

kinds as (
    select
        days.day_number,
        days.calendar_date,
        cast(extract(year from days.calendar_date) as integer) as year_number,
        cast(extract(month from days.calendar_date) as integer) as month_number,
        cast(extract(day from days.calendar_date) as integer) as day_of_month,
        cast({{ day_of_week('days.calendar_date') }} as integer) as day_of_week,
        case
            when {{ day_of_week('days.calendar_date') }} >= 6 or holidays.holiday_date is not null then 0
            else 1
        end as is_working_day
    from days
    inner join bounds on extract(year from days.calendar_date) <= bounds.last_year
    left join holidays on days.calendar_date = holidays.holiday_date
),

-- clocks go forward on the last Sunday of March and, since 1996, back on that of October
clock_changes as (
    select
        year_number,
        max(case when month_number = 3 and day_of_week = 7 then calendar_date end) as forward_on,
        max(case when month_number = 10 and day_of_week = 7 then calendar_date end) as back_on
    from kinds
    group by year_number
)

select
    kinds.calendar_date,
    kinds.day_number,
    kinds.day_of_month,
    kinds.is_working_day,
    sum(kinds.is_working_day) over (order by kinds.day_number) as working_day_number,
    kinds.year_number * 12 + kinds.month_number as month_index,
    min(kinds.calendar_date) over (partition by kinds.year_number, kinds.month_number) as month_start,
    max(kinds.calendar_date) over (partition by kinds.year_number, kinds.month_number) as month_end,
    case when kinds.month_number >= 4 then kinds.year_number else kinds.year_number - 1 end as financial_year,
    case when kinds.month_number >= 9 then kinds.year_number else kinds.year_number - 1 end as academic_year,
    -- how far London's clock is ahead of universal time before and from two o'clock
    case
        when
            kinds.calendar_date > clock_changes.forward_on
            and kinds.calendar_date <= clock_changes.back_on then 1
        else 0
    end as hours_ahead_before_two,
    case
        when
            kinds.calendar_date >= clock_changes.forward_on
            and kinds.calendar_date < clock_changes.back_on then 1
        else 0
    end as hours_ahead_from_two
from kinds
inner join clock_changes on kinds.year_number = clock_changes.year_number
