-- London is there whole and as its two halves; a pool of several regions has an area of its own as well
with pool as (
    select * from {{ ref('stg_pool') }}
),

located as (
    select
        pool.geography_code,
        authorities.region_code,
        regions.region9_code
    from pool
    inner join {{ ref('stg_authorities') }} as authorities
        on pool.geography_code = authorities.geography_code
    inner join {{ ref('stg_regions') }} as regions on authorities.region_code = regions.region_code
),

spans as (
    select count(distinct region9_code) as regions
    from located
)

select
    geography_code,
    region_code as area_code
from located
union distinct
select
    geography_code,
    region9_code as area_code
from located
union distinct
select
    located.geography_code,
    'pool' as area_code
from located
cross join spans
where spans.regions > 1
