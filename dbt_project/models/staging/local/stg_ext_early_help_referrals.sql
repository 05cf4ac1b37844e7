-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_early_help_referrals') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_early_help_referrals' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_early_help_referrals'
)

select
    delivered.eh_referral_id,
    delivered.person_id,
    delivered.family_id,
    delivered.eh_referral_date,
    coalesce(
        of_referral_source.standard_value,
        case
            when delivered.referral_source in (
                'school', 'health', 'police', 'self', 'social care', 'other'
            ) then delivered.referral_source
            when delivered.referral_source is not null then 'unmapped'
        end
    ) as referral_source,
    coalesce(
        of_closed_without_assessment_reason.standard_value,
        case
            when delivered.closed_without_assessment_reason in (
                'not needed', 'declined', 'could not engage', 'stepped up', 'other'
            ) then delivered.closed_without_assessment_reason
            when delivered.closed_without_assessment_reason is not null then 'unmapped'
        end
    ) as closed_without_assessment_reason,
    delivered.recorded_at,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_referral_source
    on
        lower(delivered.referral_source) = of_referral_source.source_value
        and of_referral_source.column_name = 'referral_source'
left join codes as of_closed_without_assessment_reason
    on
        lower(delivered.closed_without_assessment_reason) = of_closed_without_assessment_reason.source_value
        and of_closed_without_assessment_reason.column_name = 'closed_without_assessment_reason'
