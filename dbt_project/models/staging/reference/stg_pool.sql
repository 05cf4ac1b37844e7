with pool as (
    select * from {{ source('reference', 'pool') }}
)

select
    geography_code,
    coalesce(first_month, date '1900-01-01') as first_month,
    coalesce(last_month, date '9999-12-01') as last_month,
    small_numbers
from pool
