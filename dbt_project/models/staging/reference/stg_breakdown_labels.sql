with labels as (
    select * from {{ source('reference', 'breakdown_labels') }}
)

select
    breakdown,
    part,
    place,
    label
from labels
