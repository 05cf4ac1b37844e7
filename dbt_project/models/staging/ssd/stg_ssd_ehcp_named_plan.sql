-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_ehcp_named_plan') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_ehcp_named_plan' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_ehcp_named_plan'
)

select
    delivered.ehcn_named_plan_id,
    delivered.ehcn_ehcp_asmt_id,
    delivered.ehcn_named_plan_start_date,
    delivered.ehcn_named_plan_ceased_date,
    coalesce(
        of_ehcn_named_plan_ceased_reason.standard_value,
        case
            when delivered.ehcn_named_plan_ceased_reason in (
                '1', '2', '3', '4', '5', '6', '7', '8', '9'
            ) then delivered.ehcn_named_plan_ceased_reason
            when delivered.ehcn_named_plan_ceased_reason is not null then 'unmapped'
        end
    ) as ehcn_named_plan_ceased_reason,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_ehcn_named_plan_ceased_reason
    on
        lower(delivered.ehcn_named_plan_ceased_reason) = of_ehcn_named_plan_ceased_reason.source_value
        and of_ehcn_named_plan_ceased_reason.column_name = 'ehcn_named_plan_ceased_reason'
