-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_initial_cp_conference') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_initial_cp_conference' and is_newest
)

select
    delivered.icpc_icpc_id,
    delivered.icpc_icpc_meeting_id,
    delivered.icpc_s47_enquiry_id,
    delivered.icpc_person_id,
    delivered.icpc_referral_id,
    delivered.icpc_icpc_transfer_in,
    delivered.icpc_icpc_target_date,
    delivered.icpc_icpc_date,
    delivered.icpc_icpc_outcome_cp_flag,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
