-- by how much the months of a series vary more than independent cases would: 1 or more. Each of the last
-- twelve months is set against the same month a year before, so the seasons and the change that is being
-- judged leave no trace; what the pairs differ by beyond that is the dispersion, by a variance that holds
-- whatever makes them differ (quasi-likelihood: McCullagh and Nelder 1989, chapter 9; the robust variance:
-- Liang and Zeger 1986). What one person's cases of a month add is taken out of it and what they add over
-- the whole span is put in (int_subject_effects). `quantile` is Student's for the pairs that there were.
{% set spans = {
    'year_on_year': (['11 preceding and current row'], 'year_effect'),
    'latest_quarter': (['2 preceding and current row', '11 preceding and 3 preceding'], 'quarter_effect'),
} %}
{% set whole = '11 preceding and current row' %}

with pairs as (
    select * from {{ ref('int_year_pairs') }}
),

subject_effects as (
    select * from {{ ref('int_subject_effects') }}
),

{% for span, (frames, effect) in spans.items() %}
{{ span }}_sums as (
    select
        indicator_id,
        geography_code,
        period_end,
        financial_year,
        unit,
        {% for frame in frames %}
        {% set n = loop.index %}
        coalesce(sum(case when weight > 0 then 1 else 0 end) over part_{{ n }}, 0) as pairs_{{ n }},
        coalesce(sum(weight) over part_{{ n }}, 0) as w_{{ n }},
        coalesce(sum(weight * difference) over part_{{ n }}, 0) as wd_{{ n }},
        coalesce(sum(weight * weight) over part_{{ n }}, 0) as ww_{{ n }},
        coalesce(sum(weight * weight * difference) over part_{{ n }}, 0) as wwd_{{ n }},
        coalesce(sum(weight * weight * difference * difference) over part_{{ n }}, 0) as wwdd_{{ n }},
        {% endfor %}
        sum(counted) over whole as counted,
        sum(cases) over whole as cases,
        sum(squares) over whole as squares,
        sum(weight) over whole as weight,
        sum(weight * difference) over whole as shifted
    from pairs
    window
        {% for frame in frames %}
        part_{{ loop.index }} as (
            partition by indicator_id, geography_code order by month_index range between {{ frame }}
        ),
        {% endfor %}
        whole as (
            partition by indicator_id, geography_code order by month_index range between {{ whole }}
        )
),

{{ span }} as (
    select
        indicator_id,
        geography_code,
        period_end,
        financial_year,
        '{{ span }}' as span,
        weight,
        0 {% for frame in frames %}+ pairs_{{ loop.index }} {% endfor %} as pairs,
        0
        {% for frame in frames %}
        + greatest(pairs_{{ loop.index }} - 1, 0)
        {% endfor %}
            as degrees,
        0
        {% for frame in frames %}
        {% set n = loop.index %}
        + coalesce(
            greatest(
                wwdd_{{ n }} - 2 * wwd_{{ n }} * wd_{{ n }} / nullif(w_{{ n }}, 0)
                + ww_{{ n }} * wd_{{ n }} * wd_{{ n }} / nullif(w_{{ n }} * w_{{ n }}, 0),
                0
            ),
            0
        )
        {% endfor %}
            as residual,
        case
            when unit = 'count' then shifted / nullif(weight, 0) * (1 - shifted / nullif(weight, 0))
            when unit = 'percent' then counted / nullif(cases, 0) * (1 - counted / nullif(cases, 0))
            else (squares - counted * counted / nullif(cases, 0)) / nullif(cases - 1, 0)
        end as variance_of_one
    from {{ span }}_sums
),

{% endfor %}
both_spans as (
    {% for span, (frames, effect) in spans.items() %}
    select
        {{ span }}.*,
        coalesce(subject_effects.month_effect, 1) as month_effect,
        coalesce(subject_effects.{{ effect }}, 1) as span_effect
    from {{ span }}
    left join subject_effects
        on
            {{ span }}.indicator_id = subject_effects.indicator_id
            and {{ span }}.geography_code = subject_effects.geography_code
            and {{ span }}.financial_year = subject_effects.financial_year
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    indicator_id,
    geography_code,
    period_end,
    span,
    greatest(
        1,
        coalesce(residual * pairs / nullif(degrees * variance_of_one * weight, 0), 1) / month_effect
    ) * span_effect as dispersion,
    {{ student('degrees') }} as quantile
from both_spans
