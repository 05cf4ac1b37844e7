with rebases as (
    select * from {{ source('reference', 'rebases') }}
)

select
    indicator_id,
    geography_code,
    from_month,
    reason,
    author,
    decided_on
from rebases
