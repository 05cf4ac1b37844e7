with cells as (
    select * from {{ ref('int_row_cells') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

period_months as (
    select * from {{ ref('int_period_months') }}
),

indicator_months as (
    select * from {{ ref('int_indicator_months') }}
)

-- sums for what adds up, the last month's sums for a position [G12]
select
    cells.figure_id,
    sum(indicator_months.numerator) as numerator,
    sum(indicator_months.denominator) as denominator,
    sum(indicator_months.numerator_squares) as numerator_squares,
    count(indicator_months.indicator_id) as months_with_rows
from cells
inner join indicators on cells.indicator_id = indicators.indicator_id
inner join period_months on cells.period_id = period_months.period_id
left join indicator_months
    on
        cells.indicator_id = indicator_months.indicator_id
        and cells.breakdown = indicator_months.breakdown
        and cells.breakdown_value = indicator_months.breakdown_value
        and period_months.month_start = indicator_months.month_start
where period_months.is_last_month or not indicators.is_position
group by cells.figure_id
