-- how far chance alone could move a figure, at 95 %: Wilson for percentages, exact Poisson or Byar for
-- counts and rates, the spread of its cases for a mean of 20 or more. A median, a figure sent without
-- its numbers and a ratio to full-time equivalents have none: nothing says how many cases they rest on
with figures as (
    select * from {{ ref('int_figures') }}
    where value is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

exact_limits as (
    select * from {{ ref('stg_poisson_limits') }}
),

kinds as (
    select
        figures.figure_id,
        {{ numbers_of_interval('indicators.unit', 'figures') }}
    from figures
    inner join indicators on figures.indicator_id = indicators.indicator_id
)

select
    kinds.figure_id,
    cast({{ interval_of('lower', 'kinds', 'exact_limits.lower_95') }} as decimal(18, 6)) as interval_lower,
    cast({{ interval_of('upper', 'kinds', 'exact_limits.upper_95') }} as decimal(18, 6)) as interval_upper
from kinds
left join exact_limits on kinds.x = exact_limits.events
where kinds.kind is not null
