-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_workforce_workers') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_workforce_workers' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_workforce_workers'
)

select
    delivered.worker_id,
    delivered.role_start_date,
    delivered.role_end_date,
    delivered.fte,
    delivered.agency_flag,
    coalesce(
        of_org_role.standard_value,
        case
            when delivered.org_role in (
                '1', '2', '3', '4', '5', '6'
            ) then delivered.org_role
            when delivered.org_role is not null then 'unmapped'
        end
    ) as org_role,
    delivered.asye_start_date,
    delivered.asye_end_date,
    coalesce(
        of_leaving_reason.standard_value,
        case
            when delivered.leaving_reason in (
                '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'
            ) then delivered.leaving_reason
            when delivered.leaving_reason is not null then 'unmapped'
        end
    ) as leaving_reason,
    delivered.professional_id,
    delivered.team_id,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_org_role
    on
        lower(delivered.org_role) = of_org_role.source_value
        and of_org_role.column_name = 'org_role'
left join codes as of_leaving_reason
    on
        lower(delivered.leaving_reason) = of_leaving_reason.source_value
        and of_leaving_reason.column_name = 'leaving_reason'
