with targets as (
    select * from {{ ref('targets') }}
)

select
    geography_code,
    indicator_id,
    valid_from,
    target,
    tolerance,
    target_kind,
    target_status,
    coalesce(valid_to, date '9999-12-31') as valid_until
from targets
