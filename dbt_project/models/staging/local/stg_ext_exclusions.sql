-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_exclusions') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_exclusions' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ext_exclusions'
)

select
    delivered.exclusion_id,
    delivered.pupil_id,
    coalesce(
        of_exclusion_type.standard_value,
        case
            when delivered.exclusion_type in (
                'PERM'
            ) then delivered.exclusion_type
            when delivered.exclusion_type is not null then 'unmapped'
        end
    ) as exclusion_type,
    delivered.exclusion_start_date,
    coalesce(
        of_school_phase.standard_value,
        case
            when delivered.school_phase in (
                'primary', 'secondary', 'special', 'pru'
            ) then delivered.school_phase
            when delivered.school_phase is not null then 'unmapped'
        end
    ) as school_phase,
    delivered.overturned_date,
    coalesce(
        of_cic_or_cin.standard_value,
        case
            when delivered.cic_or_cin in (
                'CIC', 'CP', 'CIN', 'none'
            ) then delivered.cic_or_cin
            when delivered.cic_or_cin is not null then 'unmapped'
        end
    ) as cic_or_cin,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_exclusion_type
    on
        lower(delivered.exclusion_type) = of_exclusion_type.source_value
        and of_exclusion_type.column_name = 'exclusion_type'
left join codes as of_school_phase
    on
        lower(delivered.school_phase) = of_school_phase.source_value
        and of_school_phase.column_name = 'school_phase'
left join codes as of_cic_or_cin
    on
        lower(delivered.cic_or_cin) = of_cic_or_cin.source_value
        and of_cic_or_cin.column_name = 'cic_or_cin'
