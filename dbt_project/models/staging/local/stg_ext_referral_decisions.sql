-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_referral_decisions') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_referral_decisions' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_referral_decisions'
)

select
    delivered.referral_id,
    delivered.received_at,
    delivered.decision_at,
    coalesce(
        of_decision.standard_value,
        case
            when delivered.decision in (
                'assessment', 'strategy discussion', 'early help', 'nfa', 'other'
            ) then delivered.decision
            when delivered.decision is not null then 'unmapped'
        end
    ) as decision,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_decision
    on
        lower(delivered.decision) = of_decision.source_value
        and of_decision.column_name = 'decision'
