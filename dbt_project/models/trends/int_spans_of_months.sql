{% set spans = {
    'year_on_year': (12, '11 preceding and current row', '23 preceding and 12 preceding'),
    'latest_quarter': (3, '2 preceding and current row', '14 preceding and 12 preceding'),
} %}

with series as (
    select * from {{ ref('int_trend_series') }}
    where time_basis not in ('period_median', 'period_distinct_count', 'rolling_12m_ratio')
),

{% for span, (months, now, earlier) in spans.items() %}
{{ span }} as (
    select
        indicator_id,
        geography_code,
        period_end,
        '{{ span }}' as span,
        unit,
        decimals,
        time_basis,
        polarity,
        is_position,
        {{ months }} as months,
        {% for side, frame in (('now', now), ('before', earlier)) %}
        {% for column in ('numerator', 'denominator', 'numerator_squares') %}
        case
            when count({{ column }}) over {{ side }}_span = {{ months }}
                then sum({{ column }}) over {{ side }}_span
        end as {{ column }}_{{ side }},
        {% endfor %}
        {% endfor %}
        count(*) over now_span as months_now,
        count(*) over before_span as months_before
    from series
    window
        now_span as (
            partition by indicator_id, geography_code order by month_index range between {{ now }}
        ),
        before_span as (
            partition by indicator_id, geography_code order by month_index range between {{ earlier }}
        )
),

{% endfor %}

month_spans as (
    {% for span in spans %}
    select * from {{ span }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- month ends are much the same children again and again: they count as one look, not as twelve
looked_at_once as (
    select
        *,
        case when is_position then months else 1 end as looks
    from month_spans
)

select
    indicator_id,
    geography_code,
    period_end,
    span,
    unit,
    decimals,
    time_basis,
    polarity,
    is_position,
    months_now = months and months_before = months as is_whole,
    cast(numerator_now as {{ double() }}) / looks as numerator_now,
    cast(denominator_now as {{ double() }}) / looks as denominator_now,
    cast(numerator_squares_now as {{ double() }}) / looks as squares_now,
    cast(numerator_before as {{ double() }}) / looks as numerator_before,
    cast(denominator_before as {{ double() }}) / looks as denominator_before,
    cast(numerator_squares_before as {{ double() }}) / looks as squares_before
from looked_at_once
