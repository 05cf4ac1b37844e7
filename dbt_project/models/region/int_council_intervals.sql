-- figures of councils as a whole while they are in the pool, with how far chance alone could move each,
-- as in int_intervals
with pool as (
    select * from {{ ref('stg_pool') }}
),

figures as (
    select figures.*
    from {{ ref('stg_council_figures') }} as figures
    inner join pool
        on
            figures.geography_code = pool.geography_code
            and figures.period_start >= pool.first_month
            and figures.period_end < {{ add_months('pool.last_month', 1) }}
    where figures.breakdown = 'total' and figures.value is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

exact_limits as (
    select * from {{ ref('stg_poisson_limits') }}
),

kinds as (
    select
        figures.*,
        indicators.unit,
        indicators.polarity,
        {{ printed('figures.value', 'indicators.decimals') }} as printed_value,
        {{ numbers_of_interval('indicators.unit', 'figures') }}
    from figures
    inner join indicators on figures.indicator_id = indicators.indicator_id
)

select
    kinds.*,
    {{ interval_of('lower', 'kinds', 'exact_limits.lower_95') }} as lower_bound,
    {{ interval_of('upper', 'kinds', 'exact_limits.upper_95') }} as upper_bound
from kinds
left join exact_limits on kinds.kind = 'events' and kinds.x = exact_limits.events
