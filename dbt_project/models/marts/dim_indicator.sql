with indicators as (
    select * from {{ ref('stg_indicators') }}
),

reasons as (
    select * from {{ ref('stg_benchmark_reasons') }}
)

select
    indicators.indicator_id,
    indicators.catalogue_order,
    indicators.indicator_name,
    indicators.dashboard_no,
    indicators.dashboard,
    indicators.tier,
    indicators.unit,
    indicators.decimals,
    indicators.time_basis,
    indicators.year_basis,
    indicators.polarity,
    indicators.basis,
    indicators.frequency,
    indicators.source,
    indicators.disclosure_class,
    indicators.numerator_text,
    indicators.denominator_text,
    indicators.note,
    reasons.benchmark_none_reason
from indicators
left join reasons on indicators.indicator_id = reasons.indicator_id
