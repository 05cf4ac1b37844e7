-- Made from orchestration/deliveries/extracts.yml by
-- `python -m orchestration.deliveries.what_to_send`: do not edit.
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
        delivered.cine_referral_source_code
    ) as cine_referral_source_code,
    coalesce(
        of_cine_cin_primary_need_code.standard_value,
        delivered.cine_cin_primary_need_code
    ) as cine_cin_primary_need_code,
    delivered.cine_referral_nfa,
    delivered.cine_close_date,
    coalesce(
        of_cine_close_reason.standard_value,
        delivered.cine_close_reason
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
