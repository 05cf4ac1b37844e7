{{ config(meta={'dagster': {'ref': {'name': 'targets'}}}) }}

-- 5 points on a target of at most 10 would call half as many again "nearly there"
select targets.indicator_id
from {{ ref('targets') }} as targets
inner join {{ ref('stg_indicators') }} as indicators on targets.indicator_id = indicators.indicator_id
where
    indicators.polarity = 'lower'
    and targets.tolerance > 0.2 * targets.target
    and targets.tolerance_reason is null
