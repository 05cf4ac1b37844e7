-- only a warning, so that a new indicator can be tried before its comparison has been looked up
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_indicators'}}}) }}

with compared as (
    select distinct indicator_id
    from {{ ref('stg_benchmarks') }}
)

select indicators.indicator_id
from {{ ref('stg_indicators') }} as indicators
left join compared on indicators.indicator_id = compared.indicator_id
left join {{ ref('stg_benchmark_reasons') }} as reasons
    on indicators.indicator_id = reasons.indicator_id
where compared.indicator_id is null and reasons.indicator_id is null
