with requested as (
    select * from {{ source('reference', 'editions') }}
)

select
    geography_code,
    as_at
from requested
