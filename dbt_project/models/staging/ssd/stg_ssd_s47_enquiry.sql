-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_s47_enquiry') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_s47_enquiry' and is_newest
)

select
    delivered.s47e_s47_enquiry_id,
    delivered.s47e_person_id,
    delivered.s47e_referral_id,
    delivered.s47e_s47_start_date,
    delivered.s47e_s47_end_date,
    delivered.s47e_s47_nfa,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
