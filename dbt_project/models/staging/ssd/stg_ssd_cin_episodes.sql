-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cin_episodes') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cin_episodes' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_cin_episodes'
)

select
    delivered.cine_referral_id,
    delivered.cine_person_id,
    delivered.cine_referral_date,
    coalesce(
        of_cine_referral_source_code.standard_value,
        case
            when delivered.cine_referral_source_code in (
                '1A', '1B', '1C', '1D', '2A', '2B', '3A', '3B', '3C', '3D', '3E', '3F',
                '4', '5A', '5B', '5C', '5D', '6', '7', '8', '9', '10'
            ) then delivered.cine_referral_source_code
            when delivered.cine_referral_source_code is not null then 'unmapped'
        end
    ) as cine_referral_source_code,
    coalesce(
        of_cine_cin_primary_need_code.standard_value,
        case
            when delivered.cine_cin_primary_need_code in (
                'N0', 'N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'N8', 'N9'
            ) then delivered.cine_cin_primary_need_code
            when delivered.cine_cin_primary_need_code is not null then 'unmapped'
        end
    ) as cine_cin_primary_need_code,
    delivered.cine_referral_nfa,
    delivered.cine_close_date,
    coalesce(
        of_cine_close_reason.standard_value,
        case
            when delivered.cine_close_reason in (
                'RC1', 'RC2', 'RC3', 'RC4', 'RC5', 'RC6', 'RC7', 'RC8', 'RC9'
            ) then delivered.cine_close_reason
            when delivered.cine_close_reason is not null then 'unmapped'
        end
    ) as cine_close_reason,
    delivered.cine_referral_team,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_cine_referral_source_code
    on
        lower(delivered.cine_referral_source_code) = of_cine_referral_source_code.source_value
        and of_cine_referral_source_code.column_name = 'cine_referral_source_code'
left join codes as of_cine_cin_primary_need_code
    on
        lower(delivered.cine_cin_primary_need_code) = of_cine_cin_primary_need_code.source_value
        and of_cine_cin_primary_need_code.column_name = 'cine_cin_primary_need_code'
left join codes as of_cine_close_reason
    on
        lower(delivered.cine_close_reason) = of_cine_close_reason.source_value
        and of_cine_close_reason.column_name = 'cine_close_reason'
