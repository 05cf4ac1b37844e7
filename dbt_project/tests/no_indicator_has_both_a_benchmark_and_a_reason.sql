{{ config(meta={'dagster': {'ref': {'name': 'stg_indicators'}}}) }}

-- exactly one of the two: an official comparison, or the reason there is none
with compared as (
    select distinct indicator_id
    from {{ ref('stg_benchmarks') }}
)

select indicators.indicator_id
from {{ ref('stg_indicators') }} as indicators
left join compared on indicators.indicator_id = compared.indicator_id
left join {{ ref('benchmark_reasons') }} as reasons
    on indicators.indicator_id = reasons.indicator_id
where (compared.indicator_id is null) = (reasons.indicator_id is null)
