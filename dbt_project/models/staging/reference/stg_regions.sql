with regions as (
    select * from {{ source('reference', 'regions') }}
)

select
    region_code,
    region_name,
    region9_code,
    geography_type
from regions
