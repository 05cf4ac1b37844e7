-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_professionals') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_professionals' and is_newest
)

select
    delivered.prof_professional_id,
    delivered.prof_has_registration,
    delivered.prof_professional_job_title,
    delivered.prof_full_time_equivalency,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
