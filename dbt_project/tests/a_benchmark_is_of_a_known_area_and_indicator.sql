{{ config(meta={'dagster': {'ref': {'name': 'stg_benchmarks'}}}) }}

-- guards a refreshed benchmark file: every area has a name, every indicator is in the catalogue
select benchmarks.geography_code
from {{ ref('stg_benchmarks') }} as benchmarks
left join {{ ref('dim_geography') }} as geographies
    on benchmarks.geography_code = geographies.geography_code
left join {{ ref('stg_indicators') }} as indicators
    on benchmarks.indicator_id = indicators.indicator_id
where
    indicators.indicator_id is null
    or (geographies.geography_code is null and benchmarks.geography_level <> 'local_authority_group')
