-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_person') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_person' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_person'
)

select
    delivered.pers_person_id,
    delivered.pers_dob,
    delivered.pers_expected_dob,
    delivered.pers_death_date,
    coalesce(
        of_pers_sex.standard_value,
        case
            when delivered.pers_sex in (
                'F', 'M', 'U'
            ) then delivered.pers_sex
            when delivered.pers_sex is not null then 'unmapped'
        end
    ) as pers_sex,
    coalesce(
        of_pers_ethnicity.standard_value,
        case
            when delivered.pers_ethnicity in (
                'WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH', 'MWBC', 'MWBA', 'MWAS', 'MOTH',
                'AIND', 'APKN', 'ABAN', 'AOTH', 'CHNE', 'BCRB', 'BAFR', 'BOTH', 'OOTH',
                'REFU', 'NOBT'
            ) then delivered.pers_ethnicity
            when delivered.pers_ethnicity is not null then 'unmapped'
        end
    ) as pers_ethnicity,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_pers_sex
    on
        lower(delivered.pers_sex) = of_pers_sex.source_value
        and of_pers_sex.column_name = 'pers_sex'
left join codes as of_pers_ethnicity
    on
        lower(delivered.pers_ethnicity) = of_pers_ethnicity.source_value
        and of_pers_ethnicity.column_name = 'pers_ethnicity'
