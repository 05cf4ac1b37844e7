-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_return_interviews') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_return_interviews' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_return_interviews'
)

select
    delivered.rhi_id,
    delivered.missing_id,
    delivered.interview_needed,
    delivered.offered_date,
    delivered.accepted,
    delivered.interview_completed_date,
    coalesce(
        of_late_reason.standard_value,
        case
            when delivered.late_reason in (
                'child not available', 'declined later', 'notified late',
                'process error', 'other'
            ) then delivered.late_reason
            when delivered.late_reason is not null then 'unmapped'
        end
    ) as late_reason,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_late_reason
    on
        lower(delivered.late_reason) = of_late_reason.source_value
        and of_late_reason.column_name = 'late_reason'
