-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cp_reviews') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cp_reviews' and is_newest
)

select
    delivered.cppr_cp_review_id,
    delivered.cppr_person_id,
    delivered.cppr_cp_plan_id,
    delivered.cppr_cp_review_due,
    delivered.cppr_cp_review_date,
    delivered.cppr_cp_review_meeting_id,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
