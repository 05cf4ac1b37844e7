-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_missing_episodes') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_missing_episodes' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_missing_episodes'
)

select
    delivered.missing_id,
    delivered.person_id,
    delivered.missing_from_at,
    delivered.returned_at,
    coalesce(
        of_time_precision.standard_value,
        case
            when delivered.time_precision in (
                'minute', 'day'
            ) then delivered.time_precision
            when delivered.time_precision is not null then 'unmapped'
        end
    ) as time_precision,
    coalesce(
        of_setting.standard_value,
        case
            when delivered.setting in (
                'home', 'care'
            ) then delivered.setting
            when delivered.setting is not null then 'unmapped'
        end
    ) as setting,
    coalesce(
        of_incident_type.standard_value,
        case
            when delivered.incident_type in (
                'missing', 'away'
            ) then delivered.incident_type
            when delivered.incident_type is not null then 'unmapped'
        end
    ) as incident_type,
    delivered.placed_out_of_borough,
    delivered.responsible_la_code,
    delivered.recorded_at,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_time_precision
    on
        lower(delivered.time_precision) = of_time_precision.source_value
        and of_time_precision.column_name = 'time_precision'
left join codes as of_setting
    on
        lower(delivered.setting) = of_setting.source_value
        and of_setting.column_name = 'setting'
left join codes as of_incident_type
    on
        lower(delivered.incident_type) = of_incident_type.source_value
        and of_incident_type.column_name = 'incident_type'
