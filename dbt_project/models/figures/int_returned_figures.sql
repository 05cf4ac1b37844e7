with returns as (
    select * from {{ ref('stg_indicator_returns') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

population as (
    select * from {{ ref('int_population') }}
    where measure = 'population_0_17' and status = 'ok'
),

-- a rate sent as a number of children takes the population in force at the period's end
completed as (
    select
        returns.indicator_id,
        returns.geography_code,
        returns.period_type,
        returns.period_start,
        returns.period_end,
        returns.numerator,
        coalesce(returns.denominator, population.persons / 10000) as denominator,
        returns.value,
        returns.source_note,
        indicators.unit
    from returns
    inner join indicators on returns.indicator_id = indicators.indicator_id
    left join population
        on
            returns.geography_code = population.geography_code
            and indicators.unit = 'rate_per_10k'
            and returns.numerator is not null
            and returns.period_end >= population.in_force_from
            and returns.period_end < coalesce(population.in_force_until, date '9999-12-31')
)

select
    indicator_id,
    geography_code,
    {{ period_id('period_type', 'period_start', 'period_end') }} as period_id,
    period_type,
    period_start,
    period_end,
    numerator,
    denominator,
    coalesce(value, {{ indicator_value('unit', 'numerator', 'denominator') }}) as value,
    source_note
from completed
