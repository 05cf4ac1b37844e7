with labels as (
    select * from {{ ref('stg_breakdown_labels') }}
)

select
    breakdown,
    part,
    place,
    label as part_label
from labels
where part is not null
