-- two spans of months for each month: the twelve up to it and the twelve before, the three up to it
-- and the same three a year earlier; both are proof against the seasons. Empty where a month of
-- either span has no figure.
{% set spans = {
    'year_on_year': (12, '11 preceding and current row', '23 preceding and 12 preceding'),
    'latest_quarter': (3, '2 preceding and current row', '14 preceding and 12 preceding'),
} %}

with kpi as (
    select * from {{ ref('int_kpi') }}
    where breakdown = 'total' and status = 'ok'
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
),

series as (
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
),

of_months as (
    select
        indicator_id,
        geography_code,
        period_end,
        span,
        unit,
        time_basis,
        polarity,
        months_now = months and months_before = months as is_whole,
        cast(numerator_now as double precision) / looks as numerator_now,
        cast(denominator_now as double precision) / looks as denominator_now,
        cast(numerator_squares_now as double precision) / looks as squares_now,
        cast(numerator_before as double precision) / looks as numerator_before,
        cast(denominator_before as double precision) / looks as denominator_before,
        cast(numerator_squares_before as double precision) / looks as squares_before
    from looked_at_once
),

-- somebody missing twice counts once in a span, and a figure of twelve months is one: neither is a
-- sum of months
whole_figures as (
    select
        kpi.indicator_id,
        kpi.geography_code,
        kpi.period_end,
        case when kpi.period_type = 'quarter' then 'latest_quarter' else 'year_on_year' end as span,
        indicators.unit,
        indicators.time_basis,
        indicators.polarity,
        kpi.numerator,
        kpi.denominator
    from kpi
    inner join indicators on kpi.indicator_id = indicators.indicator_id
    where
        (indicators.time_basis = 'period_distinct_count' and kpi.period_type in ('quarter', 'rolling_12m'))
        or (indicators.time_basis = 'rolling_12m_ratio' and kpi.period_type = 'month')
),

of_whole_figures as (
    select
        whole_figures.indicator_id,
        whole_figures.geography_code,
        whole_figures.period_end,
        whole_figures.span,
        whole_figures.unit,
        whole_figures.time_basis,
        whole_figures.polarity,
        earlier.indicator_id is not null as is_whole,
        cast(whole_figures.numerator as double precision) as numerator_now,
        cast(whole_figures.denominator as double precision) as denominator_now,
        cast(null as double precision) as squares_now,
        cast(earlier.numerator as double precision) as numerator_before,
        cast(earlier.denominator as double precision) as denominator_before,
        cast(null as double precision) as squares_before
    from whole_figures
    inner join month_ends on whole_figures.period_end = month_ends.month_end
    left join whole_figures as earlier
        on
            whole_figures.indicator_id = earlier.indicator_id
            and whole_figures.geography_code = earlier.geography_code
            and whole_figures.span = earlier.span
            and month_ends.year_before = earlier.period_end
)

select * from of_months
union all
select * from of_whole_figures
