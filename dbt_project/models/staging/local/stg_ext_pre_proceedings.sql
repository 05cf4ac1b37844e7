-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_pre_proceedings') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_pre_proceedings' and is_newest
)

select
    delivered.pre_proceedings_id,
    delivered.person_id,
    delivered.pre_proceedings_start_date,
    delivered.letter_sent_date,
    delivered.fgdm_offered,
    delivered.decision_date,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
