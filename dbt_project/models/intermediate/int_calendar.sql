{% set first_day = "date '2012-01-01'" %}
{% set days = 6210 %}

with digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbers as (
    select thousands.digit * 1000 + hundreds.digit * 100 + tens.digit * 10 + units.digit as day_number
    from digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as units
),

holidays as (
    select * from {{ ref('bank_holidays') }}
),

days as (
    select
        day_number,
        cast({{ dbt.dateadd('day', 'day_number', first_day) }} as date) as calendar_date
    from numbers
    where day_number < {{ days }}
),

-- 1 January 2012 was a Sunday, so day 0, 7, 14 … are Sundays and 6, 13, 20 … Saturdays
kinds as (
    select
        days.day_number,
        days.calendar_date,
        cast(extract(year from days.calendar_date) as integer) as year_number,
        cast(extract(month from days.calendar_date) as integer) as month_number,
        case
            when days.day_number % 7 in (0, 6) or holidays.holiday_date is not null then 0
            else 1
        end as is_working_day
    from days
    left join holidays on days.calendar_date = holidays.holiday_date
)

select
    calendar_date,
    day_number,
    is_working_day,
    sum(is_working_day) over (order by day_number) as working_day_number,
    year_number * 12 + month_number as month_index,
    min(calendar_date) over (partition by year_number, month_number) as month_start,
    max(calendar_date) over (partition by year_number, month_number) as month_end,
    case when month_number >= 4 then year_number else year_number - 1 end as financial_year,
    case when month_number >= 9 then year_number else year_number - 1 end as academic_year
from kinds
