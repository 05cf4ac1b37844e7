-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cla_health') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cla_health' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_cla_health'
)

select
    delivered.clah_health_check_id,
    delivered.clah_person_id,
    coalesce(
        of_clah_health_check_type.standard_value,
        case
            when delivered.clah_health_check_type in (
                'initial_health', 'review_health', 'dental', 'other'
            ) then delivered.clah_health_check_type
            else 'unmapped'
        end
    ) as clah_health_check_type,
    delivered.clah_health_check_date,
    coalesce(
        of_clah_health_check_status.standard_value,
        case
            when delivered.clah_health_check_status in (
                'Planned', 'Refused', 'Cancelled', 'Completed'
            ) then delivered.clah_health_check_status
            when delivered.clah_health_check_status is not null then 'unmapped'
        end
    ) as clah_health_check_status,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_clah_health_check_type
    on
        lower(delivered.clah_health_check_type) = of_clah_health_check_type.source_value
        and of_clah_health_check_type.column_name = 'clah_health_check_type'
left join codes as of_clah_health_check_status
    on
        lower(delivered.clah_health_check_status) = of_clah_health_check_status.source_value
        and of_clah_health_check_status.column_name = 'clah_health_check_status'
