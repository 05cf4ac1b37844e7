with valued as (
    select * from {{ ref('int_cell_values') }}
),

period_months as (
    select * from {{ ref('int_period_months') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

month_ends as (
    select * from valued
    where period_type = 'month' and breakdown = 'total' and is_position
),

-- a year of positions also has the mean of its twelve month ends
year_means as (
    select
        month_ends.indicator_id,
        period_months.period_id,
        sum(month_ends.numerator) as numerator_sum,
        sum(month_ends.denominator) as denominator_sum,
        sum(month_ends.value) as value_sum,
        count(*) as months_present,
        count(month_ends.denominator) as months_with_denominator
    from month_ends
    inner join period_months on month_ends.period_start = period_months.month_start
    where period_months.period_type = 'financial_year'
    group by month_ends.indicator_id, period_months.period_id
)

select
    valued.figure_id,
    valued.indicator_id,
    valued.geography_code,
    valued.period_id,
    valued.period_type,
    valued.period_start,
    valued.period_end,
    valued.breakdown,
    valued.breakdown_value,
    cast(valued.numerator as decimal(18, 6)) as numerator,
    cast(valued.denominator as decimal(18, 6)) as denominator,
    cast(valued.numerator_squares as decimal(38, 6)) as numerator_squares,
    cast(valued.value as decimal(18, 6)) as value,
    cast(
        case
            when year_means.months_present < 12 then null
            when valued.unit = 'count' then year_means.value_sum / 12
            when year_means.months_with_denominator = 12
                then
                    {{ indicator_value(
                        'valued.unit', 'year_means.numerator_sum', 'year_means.denominator_sum'
                    ) }}
        end as decimal(18, 6)
    ) as month_end_mean,
    coalesce(last_days.working_day_number - period_ends.working_day_number < valued.maturity_wd, false)
        as is_provisional
from valued
inner join calendar as period_ends on valued.period_end = period_ends.calendar_date
inner join calendar as last_days on valued.as_at = last_days.calendar_date
left join year_means
    on
        valued.indicator_id = year_means.indicator_id
        and valued.period_id = year_means.period_id
        and valued.breakdown = 'total'
        and valued.is_position
