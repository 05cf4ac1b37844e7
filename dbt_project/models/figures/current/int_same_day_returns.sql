with returned as (
    select * from {{ ref('int_returned_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

periods as (
    select * from {{ ref('int_periods') }}
)

-- the position at a quarter's last day, or that of the year so far, is also that of a longer period
-- ending then; what was counted in the year so far is also that of the quarter or year of those days
select
    returned.indicator_id,
    returned.geography_code,
    periods.period_id,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    returned.numerator,
    returned.denominator,
    returned.value,
    returned.source_note,
    case returned.period_type when 'quarter' then 3 else 4 end as precedence
from returned
inner join indicators on returned.indicator_id = indicators.indicator_id
inner join periods
    on
        returned.period_end = periods.period_end
        and returned.period_type <> periods.period_type
        and (indicators.is_position or returned.period_start = periods.period_start)
        and (
            indicators.year_basis = periods.year_basis
            or (returned.period_type = 'year_to_date' and periods.period_type = 'quarter')
        )
where
    returned.period_type = 'year_to_date'
    or (returned.period_type = 'quarter' and indicators.is_position)
