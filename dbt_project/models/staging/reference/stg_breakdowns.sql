with breakdowns as (
    select * from {{ source('reference', 'indicator_breakdowns') }}
)

select
    indicator_id,
    breakdown,
    part_no,
    share_of,
    makes_whole,
    rest_text,
    compared_value
from breakdowns
