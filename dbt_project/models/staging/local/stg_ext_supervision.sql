-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_supervision') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_supervision' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_supervision'
)

select
    delivered.supervision_id,
    delivered.person_id,
    delivered.team_id,
    coalesce(
        of_plan_type.standard_value,
        case
            when delivered.plan_type in (
                'CIN', 'CP', 'CIC', 'EH', 'CL'
            ) then delivered.plan_type
            when delivered.plan_type is not null then 'unmapped'
        end
    ) as plan_type,
    delivered.due_date,
    delivered.supervision_date,
    delivered.recorded_date,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_plan_type
    on
        lower(delivered.plan_type) = of_plan_type.source_value
        and of_plan_type.column_name = 'plan_type'
