-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cp_plans') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cp_plans' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_cp_plans'
)

select
    delivered.cppl_cp_plan_id,
    delivered.cppl_person_id,
    delivered.cppl_icpc_id,
    delivered.cppl_referral_id,
    delivered.cppl_cp_plan_start_date,
    delivered.cppl_cp_plan_end_date,
    delivered.cppl_cp_plan_ola,
    coalesce(
        of_cppl_cp_plan_latest_category.standard_value,
        case
            when delivered.cppl_cp_plan_latest_category in (
                'Neglect', 'Physical abuse', 'Sexual abuse', 'Emotional abuse',
                'Multiple'
            ) then delivered.cppl_cp_plan_latest_category
            when delivered.cppl_cp_plan_latest_category is not null then 'unmapped'
        end
    ) as cppl_cp_plan_latest_category,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_cppl_cp_plan_latest_category
    on
        lower(delivered.cppl_cp_plan_latest_category) = of_cppl_cp_plan_latest_category.source_value
        and of_cppl_cp_plan_latest_category.column_name = 'cppl_cp_plan_latest_category'
