-- period_index counts periods of a type; previous_step and year_step say how far back the period
-- before and the same period last year lie (empty where such a comparison means nothing)
with calendar as (
    select * from {{ ref('int_calendar') }}
),

months as (
    select distinct
        month_start,
        month_end,
        month_index,
        financial_year,
        academic_year
    from calendar
),

whole_periods as (
    select
        'month' as period_type,
        month_index as period_index,
        month_start,
        month_end
    from months
    union all
    select
        'quarter' as period_type,
        cast(floor((month_index - 1) / 3) as integer) as period_index,
        month_start,
        month_end
    from months
    union all
    select
        'financial_year' as period_type,
        financial_year as period_index,
        month_start,
        month_end
    from months
    union all
    select
        'academic_year' as period_type,
        academic_year as period_index,
        month_start,
        month_end
    from months
),

whole as (
    select
        period_type,
        period_index,
        min(month_start) as period_start,
        max(month_end) as period_end,
        count(*) as months_expected
    from whole_periods
    group by period_type, period_index
),

to_date as (
    select
        'year_to_date' as period_type,
        'financial' as year_basis,
        month_index as period_index,
        min(month_start) over (partition by financial_year order by month_index) as period_start,
        month_end as period_end,
        count(*) over (partition by financial_year order by month_index) as months_expected
    from months
    union all
    select
        'year_to_date' as period_type,
        'academic' as year_basis,
        month_index as period_index,
        min(month_start) over (partition by academic_year order by month_index) as period_start,
        month_end as period_end,
        count(*) over (partition by academic_year order by month_index) as months_expected
    from months
),

rolling as (
    select
        'rolling_12m' as period_type,
        month_index as period_index,
        min(month_start) over (
            order by month_index rows between 11 preceding and current row
        ) as period_start,
        month_end as period_end,
        count(*) over (order by month_index rows between 11 preceding and current row) as months_expected
    from months
)

select
    period_type,
    case
        when period_type = 'financial_year' then 'financial'
        when period_type = 'academic_year' then 'academic'
    end as year_basis,
    period_index,
    period_start,
    period_end,
    months_expected,
    1 as previous_step,
    case period_type when 'month' then 12 when 'quarter' then 4 end as year_step
from whole
-- the calendar's first and last periods may be cut off
where
    months_expected
    = case period_type when 'month' then 1 when 'quarter' then 3 else 12 end
union all
select
    period_type,
    year_basis,
    period_index,
    period_start,
    period_end,
    months_expected,
    cast(null as integer) as previous_step,
    12 as year_step
from to_date
union all
select
    period_type,
    cast(null as varchar(20)) as year_basis,
    period_index,
    period_start,
    period_end,
    months_expected,
    cast(null as integer) as previous_step,
    12 as year_step
from rolling
where months_expected = 12
