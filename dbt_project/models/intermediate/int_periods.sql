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
    {% for period_type, period_index in [
        ('month', 'month_index'),
        ('quarter', 'cast(floor((month_index - 1) / 3) as integer)'),
        ('financial_year', 'financial_year'),
        ('academic_year', 'academic_year'),
        ('calendar_year', 'cast(floor((month_index - 1) / 12) as integer)'),
    ] %}
    select
        '{{ period_type }}' as period_type,
        {{ period_index }} as period_index,
        month_start,
        month_end
    from months
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
),

periods as (
    select
        period_type,
        case
            when period_type = 'financial_year' then 'financial'
            when period_type = 'academic_year' then 'academic'
            when period_type = 'calendar_year' then 'calendar'
        end as year_basis,
        period_index,
        period_start,
        period_end,
        months_expected
    from whole
    -- the calendar's first and last periods may be cut off
    where months_expected = case period_type when 'month' then 1 when 'quarter' then 3 else 12 end
    union all
    select
        period_type,
        year_basis,
        period_index,
        period_start,
        period_end,
        months_expected
    from to_date
    where extract(month from period_start) = case year_basis when 'financial' then 4 else 9 end
    union all
    select
        period_type,
        cast(null as varchar(20)) as year_basis,
        period_index,
        period_start,
        period_end,
        months_expected
    from rolling
    where months_expected = 12
),

identified as (
    select
        periods.*,
        {{ period_id('period_type', 'period_start', 'period_end') }} as period_id
    from periods
)

-- the period before and that of a year ago, empty where such a comparison means nothing
select
    period_id,
    period_type,
    year_basis,
    period_start,
    period_end,
    months_expected,
    case
        when period_type not in ('year_to_date', 'rolling_12m') then lag(period_id) over of_its_kind
    end as previous_period_id,
    case
        when period_type = 'quarter' then lag(period_id, 4) over of_its_kind
        when period_type in ('month', 'year_to_date', 'rolling_12m') then lag(period_id, 12) over of_its_kind
    end as year_ago_period_id
from identified
window of_its_kind as (partition by period_type, year_basis order by period_index)
