-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_assessment_delays') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_assessment_delays' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_assessment_delays'
)

select
    delivered.assessment_id,
    coalesce(
        of_delay_reason.standard_value,
        case
            when delivered.delay_reason in (
                'court proceedings', 'uasc age or identity', 'family engagement',
                'partner information', 'staffing', 'other'
            ) then delivered.delay_reason
            when delivered.delay_reason is not null then 'unmapped'
        end
    ) as delay_reason,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_delay_reason
    on
        lower(delivered.delay_reason) = of_delay_reason.source_value
        and of_delay_reason.column_name = 'delay_reason'
