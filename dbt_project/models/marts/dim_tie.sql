with ties as (
    select * from {{ ref('int_ties') }}
)

select
    indicator_id,
    breakdown,
    breakdown_value,
    side,
    other_indicator_id,
    other_breakdown,
    other_breakdown_value,
    other_side
from ties
