-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_department') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_department' and is_newest
)

select
    delivered.dept_team_id,
    delivered.dept_team_name,
    delivered.dept_team_parent_id,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
