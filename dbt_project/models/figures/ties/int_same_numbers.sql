{% set sides = ('n', 'm', 'd') %}

with current_figures as (
    select * from {{ ref('int_current_figures') }}
    where breakdown = 'total' and origin <> 'rows'
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

-- of returned figures there are no rows: what is the same in period after period is the same
returned as (
    {% for side in sides %}
    select
        current_figures.indicator_id,
        current_figures.geography_code,
        current_figures.period_id,
        '{{ side }}' as side,
        case '{{ side }}'
            when 'n' then current_figures.numerator
            when 'm' then current_figures.denominator - current_figures.numerator
            else current_figures.denominator
        end as number_of
    from current_figures
    inner join indicators on current_figures.indicator_id = indicators.indicator_id
    where
        case '{{ side }}'
            when 'n' then indicators.unit not in ('days', 'hours', 'weeks', 'cases')
            when 'm' then indicators.unit = 'percent'
            else indicators.unit <> 'rate_per_10k'
        end
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    returned.indicator_id,
    'total' as breakdown,
    'total' as breakdown_value,
    returned.side,
    others.indicator_id as other_indicator_id,
    'total' as other_breakdown,
    'total' as other_breakdown_value,
    others.side as other_side
from returned
inner join returned as others
    on
        returned.geography_code = others.geography_code
        and returned.period_id = others.period_id
where
    returned.indicator_id <> others.indicator_id
    and returned.number_of is not null
    and others.number_of is not null
group by returned.indicator_id, returned.side, others.indicator_id, others.side
having
    count(*) >= 6
    and max(returned.number_of) > 0
    and sum(case when returned.number_of = others.number_of then 1 else 0 end)
    >= {{ nearly_all() }} * count(*)
