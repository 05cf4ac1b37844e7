-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cp_visits') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cp_visits' and is_newest
)

select
    delivered.cppv_cp_visit_id,
    delivered.cppv_person_id,
    delivered.cppv_cp_plan_id,
    delivered.cppv_cp_visit_date,
    delivered.cppv_cp_visit_seen,
    delivered.cppv_cp_visit_seen_alone,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
