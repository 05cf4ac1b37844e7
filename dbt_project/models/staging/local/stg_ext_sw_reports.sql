-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_sw_reports') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_sw_reports' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_sw_reports'
)

select
    delivered.report_id,
    delivered.person_id,
    coalesce(
        of_meeting_type.standard_value,
        case
            when delivered.meeting_type in (
                'ICPC', 'RCPC', 'CIC_REVIEW'
            ) then delivered.meeting_type
            when delivered.meeting_type is not null then 'unmapped'
        end
    ) as meeting_type,
    delivered.meeting_id,
    delivered.meeting_date,
    delivered.shared_date,
    delivered.dual_plan_flag,
    delivered.not_required_flag,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_meeting_type
    on
        lower(delivered.meeting_type) = of_meeting_type.source_value
        and of_meeting_type.column_name = 'meeting_type'
