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

-- somebody missing twice counts once in a span, and a figure of twelve months is one: neither is a
-- sum of months
whole_figures as (
    select
        kpi.indicator_id,
        kpi.geography_code,
        kpi.period_end,
        case when kpi.period_type = 'quarter' then 'latest_quarter' else 'year_on_year' end as span,
        indicators.unit,
        indicators.decimals,
        indicators.time_basis,
        indicators.polarity,
        indicators.is_position,
        kpi.numerator,
        kpi.denominator
    from kpi
    inner join indicators on kpi.indicator_id = indicators.indicator_id
    where
        (indicators.time_basis = 'period_distinct_count' and kpi.period_type in ('quarter', 'rolling_12m'))
        or (indicators.time_basis = 'rolling_12m_ratio' and kpi.period_type = 'month')
)

select
    whole_figures.indicator_id,
    whole_figures.geography_code,
    whole_figures.period_end,
    whole_figures.span,
    whole_figures.unit,
    whole_figures.decimals,
    whole_figures.time_basis,
    whole_figures.polarity,
    whole_figures.is_position,
    earlier.indicator_id is not null as is_whole,
    cast(whole_figures.numerator as {{ double() }}) as numerator_now,
    cast(whole_figures.denominator as {{ double() }}) as denominator_now,
    cast(null as {{ double() }}) as squares_now,
    cast(earlier.numerator as {{ double() }}) as numerator_before,
    cast(earlier.denominator as {{ double() }}) as denominator_before,
    cast(null as {{ double() }}) as squares_before
from whole_figures
inner join month_ends on whole_figures.period_end = month_ends.month_end
left join whole_figures as earlier
    on
        whole_figures.indicator_id = earlier.indicator_id
        and whole_figures.geography_code = earlier.geography_code
        and whole_figures.span = earlier.span
        and month_ends.year_before = earlier.period_end
