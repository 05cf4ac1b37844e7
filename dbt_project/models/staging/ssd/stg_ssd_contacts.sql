-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_contacts') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_contacts' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_contacts'
)

select
    delivered.cont_contact_id,
    delivered.cont_person_id,
    delivered.cont_contact_date,
    coalesce(
        of_cont_contact_source_code.standard_value,
        case
            when delivered.cont_contact_source_code in (
                '1A', '1B', '1C', '1D', '2A', '2B', '3A', '3B', '3C', '3D', '3E', '3F',
                '4', '5A', '5B', '5C', '5D', '6', '7', '8', '9', '10'
            ) then delivered.cont_contact_source_code
            when delivered.cont_contact_source_code is not null then 'unmapped'
        end
    ) as cont_contact_source_code,
    delivered.cont_new_referral_flag,
    delivered.cont_nfa_flag,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_cont_contact_source_code
    on
        lower(delivered.cont_contact_source_code) = of_cont_contact_source_code.source_value
        and of_cont_contact_source_code.column_name = 'cont_contact_source_code'
