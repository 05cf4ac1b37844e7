-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_practice_audits') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_practice_audits' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_practice_audits'
)

select
    delivered.audit_id,
    delivered.audit_completed_date,
    coalesce(
        of_service_area.standard_value,
        case
            when delivered.service_area in (
                'EH', 'front door', 'CP', 'CIC', 'CL', 'SEND'
            ) then delivered.service_area
            when delivered.service_area is not null then 'unmapped'
        end
    ) as service_area,
    coalesce(
        of_grade.standard_value,
        case
            when delivered.grade in (
                'outstanding', 'good', 'requires improvement', 'inadequate'
            ) then delivered.grade
            when delivered.grade is not null then 'unmapped'
        end
    ) as grade,
    delivered.moderated_flag,
    delivered.theme,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_service_area
    on
        lower(delivered.service_area) = of_service_area.source_value
        and of_service_area.column_name = 'service_area'
left join codes as of_grade
    on
        lower(delivered.grade) = of_grade.source_value
        and of_grade.column_name = 'grade'
