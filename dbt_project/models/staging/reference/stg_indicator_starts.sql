with starts as (
    select * from {{ source('reference', 'indicator_starts') }}
)

select
    indicator_id,
    choice,
    starts_column
from starts
