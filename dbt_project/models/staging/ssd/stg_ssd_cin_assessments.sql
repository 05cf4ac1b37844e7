-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cin_assessments') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cin_assessments' and is_newest
)

select
    delivered.cina_assessment_id,
    delivered.cina_person_id,
    delivered.cina_referral_id,
    delivered.cina_assessment_start_date,
    delivered.cina_assessment_auth_date,
    delivered.cina_assessment_outcome_nfa,
    delivered.cina_assessment_team,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
