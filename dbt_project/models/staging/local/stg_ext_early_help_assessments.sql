-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_early_help_assessments') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_early_help_assessments' and is_newest
)

select
    delivered.eh_assessment_id,
    delivered.eh_referral_id,
    delivered.person_id,
    delivered.family_id,
    delivered.eh_assessment_start_date,
    delivered.eh_assessment_completed_date,
    delivered.team_id,
    delivered.recorded_at,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
