{{ config(meta={'dagster': {'ref': {'name': 'stg_indicators'}}}) }}

-- a reason why nothing is compared contradicts a comparison
select reasons.indicator_id
from {{ ref('benchmark_reasons') }} as reasons
inner join {{ ref('stg_benchmarks') }} as compared on reasons.indicator_id = compared.indicator_id
