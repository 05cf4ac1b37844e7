with authorities as (
    select * from {{ source('reference', 'authorities') }}
)

select
    geography_code,
    geography_name,
    old_la_code,
    authority_type,
    region_code,
    authority_status,
    valid_from,
    valid_to,
    successor_codes
from authorities
