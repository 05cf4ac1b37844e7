with periods as (
    select * from {{ ref('int_periods') }}
),

months as (
    select * from {{ ref('int_periods') }}
    where period_type = 'month'
)

select
    periods.period_id,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    months.period_start as month_start,
    months.period_end as month_end,
    months.period_end = periods.period_end as is_last_month
from periods
inner join months
    on
        periods.period_start <= months.period_start
        and periods.period_end >= months.period_end
