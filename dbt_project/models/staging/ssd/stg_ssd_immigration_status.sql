-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_immigration_status') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_immigration_status' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_immigration_status'
)

select
    delivered.immi_immigration_status_id,
    delivered.immi_person_id,
    coalesce(
        of_immi_immigration_status.standard_value,
        case
            when delivered.immi_immigration_status in (
                'UASC', 'other'
            ) then delivered.immi_immigration_status
            else 'unmapped'
        end
    ) as immi_immigration_status,
    delivered.immi_immigration_status_start_date,
    delivered.immi_immigration_status_end_date,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_immi_immigration_status
    on
        lower(delivered.immi_immigration_status) = of_immi_immigration_status.source_value
        and of_immi_immigration_status.column_name = 'immi_immigration_status'
