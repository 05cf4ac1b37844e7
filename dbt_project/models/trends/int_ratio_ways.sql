with valued as (
    select * from {{ ref('int_spans_valued') }}
    where kind = 'ratio'
),

proportions as (
    select
        *,
        {% for side in ('lower', 'upper') %}
        {% for span in ('now', 'before') %}
        {{ wilson(
            side, '(numerator_' ~ span ~ ' / dispersion)', '(denominator_' ~ span ~ ' / dispersion)', 'quantile'
        ) }} as {{ side }}_{{ span }},
        {% endfor %}
        {% endfor %}
        numerator_now / nullif(denominator_now, 0) as p_now,
        numerator_before / nullif(denominator_before, 0) as p_before
    from valued
)

select
    indicator_id,
    geography_code,
    period_end,
    span,
    case
        when denominator_now < 20 or denominator_before < 20 or quantile is null then null
        when
            {{ newcombe(
                'lower', 'p_now', 'lower_now', 'upper_now', 'p_before', 'lower_before', 'upper_before'
            ) }}
            > 0 then 1
        when
            {{ newcombe(
                'upper', 'p_now', 'lower_now', 'upper_now', 'p_before', 'lower_before', 'upper_before'
            ) }}
            < 0 then -1
        else 0
    end as way
from proportions
