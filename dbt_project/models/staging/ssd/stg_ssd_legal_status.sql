-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_legal_status') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_legal_status' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_legal_status'
)

select
    delivered.lega_legal_status_id,
    delivered.lega_person_id,
    coalesce(
        of_lega_legal_status.standard_value,
        case
            when delivered.lega_legal_status in (
                'C1', 'C2', 'D1', 'E1', 'V2', 'V3', 'V4', 'J1', 'J2', 'J3', 'L1', 'L2',
                'L3', 'other'
            ) then delivered.lega_legal_status
            else 'unmapped'
        end
    ) as lega_legal_status,
    delivered.lega_legal_status_start_date,
    delivered.lega_legal_status_end_date,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_lega_legal_status
    on
        lower(delivered.lega_legal_status) = of_lega_legal_status.source_value
        and of_lega_legal_status.column_name = 'lega_legal_status'
