with periods as (
    select * from {{ ref('int_periods') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

dated as (
    select
        periods.*,
        cast(extract(year from periods.period_start) as integer) as first_year,
        cast(extract(year from periods.period_end) as integer) as calendar_year,
        cast(1 + floor(mod(cast(extract(month from periods.period_end) as integer) + 8, 12) / 3.0) as integer)
            as quarter_of_the_end,
        {{ year_name('ends.financial_year') }} as financial_year,
        {{ year_name('ends.academic_year') }} as academic_year
    from periods
    inner join calendar as ends on periods.period_end = ends.calendar_date
),

-- April 2019, April to June 2019, April 2019 to March 2020
worded as (
    select
        *,
        case
            when months_expected = 1 then ''
            else
                {{ month_name('period_start') }}
                || case when first_year = calendar_year then '' else ' ' || cast(first_year as varchar(4)) end
                || ' to '
        end
        || {{ month_name('period_end') }} || ' ' || cast(calendar_year as varchar(4)) as months_in_words
    from dated
)

select
    period_id,
    period_type,
    period_start,
    period_end,
    months_in_words || case
        when period_type = 'month' then ''
        when period_type = 'quarter'
            then ' (Quarter ' || cast(quarter_of_the_end as varchar(1)) || ' ' || financial_year || ')'
        when period_type = 'year_to_date' and year_basis = 'academic'
            then ' (academic year ' || academic_year || ' to date)'
        when period_type = 'year_to_date' then ' (year ' || financial_year || ' to date)'
        when period_type = 'financial_year' then ' (financial year ' || financial_year || ')'
        when period_type = 'academic_year' then ' (academic year ' || academic_year || ')'
        when period_type = 'calendar_year' then ' (calendar year ' || cast(calendar_year as varchar(4)) || ')'
        else ' (12 months)'
    end as period_label,
    cast(months_expected as bigint) as months,
    case when period_type in ('month', 'quarter') then quarter_of_the_end end as quarter_number,
    financial_year,
    academic_year,
    calendar_year
from worded
