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
        figures.*,
        case
            when
                indicators.unit = 'percent' and figures.denominator > 0
                and figures.numerator between 0 and figures.denominator then 'share'
            when indicators.unit = 'count' and figures.value >= 0 then 'events'
            when
                indicators.unit = 'rate_per_10k' and figures.denominator > 0 and figures.numerator >= 0
                then 'events'
            when figures.numerator_squares is not null and figures.denominator >= 20 then 'mean'
        end as kind,
        case when indicators.unit = 'count' then figures.value else figures.numerator end as counted,
        case when indicators.unit = 'count' then 1 else figures.denominator end as exposure
    from figures
    inner join indicators on figures.indicator_id = indicators.indicator_id
),

doubles as (
    select
        figure_id,
        kind,
        cast(value as double precision) as value,
        cast(counted as double precision) as counted,
        cast(exposure as double precision) as exposure,
        cast(numerator_squares as double precision) as squares
    from kinds
    where kind is not null
),

bounded as (
    select
        doubles.*,
        {% for side in ('lower', 'upper') %}
        case doubles.kind
            when 'share' then 100 * {{ wilson(side, 'doubles.counted', 'doubles.exposure') }}
            when 'events'
                then
                    case
                        when doubles.counted >= 10 then {{ byar(side, 'doubles.counted') }}
                        else exact_limits.{{ side }}_95
                    end / doubles.exposure
        end as {{ side }}_bound,
        {% endfor %}
        case
            when doubles.kind = 'mean'
                then
                    1.959963984540054 * sqrt(
                        greatest(
                            doubles.squares - doubles.counted * doubles.counted / doubles.exposure, 0
                        ) / (doubles.exposure - 1) / doubles.exposure
                    )
        end as half_width
    from doubles
    left join exact_limits on doubles.counted = exact_limits.events
)

select
    figure_id,
    cast(coalesce(lower_bound, value - half_width) as decimal(18, 6)) as interval_lower,
    cast(coalesce(upper_bound, value + half_width) as decimal(18, 6)) as interval_upper
from bounded
