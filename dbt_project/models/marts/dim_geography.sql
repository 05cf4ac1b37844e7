with authorities as (
    select * from {{ ref('authorities') }}
),

regions as (
    select * from {{ ref('regions') }}
)

select
    authorities.geography_code,
    authorities.geography_name,
    'local_authority' as geography_type,
    authorities.authority_status,
    authorities.region_code,
    regions.region_name
from authorities
inner join regions on authorities.region_code = regions.region_code
union all
select
    region_code as geography_code,
    region_name as geography_name,
    geography_type,
    'current' as authority_status,
    region_code,
    region_name
from regions
