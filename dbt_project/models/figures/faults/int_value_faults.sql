with current_figures as (
    select * from {{ ref('int_current_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

judged_figures as (
    select
        current_figures.indicator_id,
        current_figures.origin,
        current_figures.numerator,
        current_figures.denominator,
        current_figures.value,
        indicators.unit,
        indicators.adds
    from current_figures
    inner join indicators on current_figures.indicator_id = indicators.indicator_id
)

select
    indicator_id,
    'FIGURE-NEGATIVE' as rule
from judged_figures
where numerator < 0 or denominator < 0 or value < 0
union all
select
    indicator_id,
    'FIGURE-ABOVE-WHOLE' as rule
from judged_figures
where unit = 'percent' and adds <> 'amounts_apart' and (numerator > denominator or value > 100)
union all
select
    indicator_id,
    'FIGURE-NOT-WHOLE' as rule
from judged_figures
where unit = 'count' and (numerator <> floor(numerator) or value <> floor(value))
union all
select
    indicator_id,
    'FIGURE-EMPTY' as rule
from judged_figures
where origin = 'rows' and unit = 'count' and value is null
