with improvement_decisions as (
    select * from {{ source('reference', 'improvement_decisions') }}
)

select
    geography_code,
    indicator_id,
    from_month,
    to_month,
    decision,
    reason,
    author
from improvement_decisions
