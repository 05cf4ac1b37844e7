with meetings as (
    select * from {{ source('reference', 'meetings') }}
)

select
    meeting_id,
    geography_code,
    committee,
    item,
    meeting_date,
    meeting_status,
    figures_as_at,
    indicator_set,
    source
from meetings
