with cells as (
    select * from {{ ref('int_row_cells') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

summed as (
    select * from {{ ref('int_cell_sums') }}
),

recounted as (
    select * from {{ ref('int_recounted_figures') }}
)

select
    cells.*,
    indicators.unit,
    indicators.time_basis,
    indicators.is_position,
    indicators.months_rule,
    indicators.maturity_wd,
    case
        when indicators.time_basis = 'period_distinct_count' then coalesce(recounted.subjects, 0)
        when indicators.time_basis = 'period_median' then null
        else coalesce(summed.numerator, 0)
    end as numerator,
    case
        when indicators.unit = 'count' then null
        when indicators.time_basis = 'period_median' then coalesce(recounted.measured, 0)
        -- without a population or headcount in force there is no denominator, not one of 0
        when indicators.unit = 'rate_per_10k' or indicators.time_basis = 'annual' then summed.denominator
        else coalesce(summed.denominator, 0)
    end as denominator,
    recounted.median_value,
    -- of a mean, for its spread
    case
        when indicators.time_basis = 'period_mean' then coalesce(summed.numerator_squares, 0)
    end as numerator_squares,
    summed.months_with_rows
from cells
inner join indicators on cells.indicator_id = indicators.indicator_id
inner join summed on cells.figure_id = summed.figure_id
left join recounted on cells.figure_id = recounted.figure_id
