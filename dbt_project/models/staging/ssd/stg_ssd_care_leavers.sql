-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_care_leavers') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_care_leavers'
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_care_leavers'
)

select
    delivered.clea_table_id,
    delivered.clea_person_id,
    coalesce(
        of_clea_care_leaver_eligibility.standard_value,
        case
            when delivered.clea_care_leaver_eligibility in (
                'Relevant', 'Former Relevant', 'Eligible', 'Qualifying',
                'No Current Eligibility'
            ) then delivered.clea_care_leaver_eligibility
            else 'unmapped'
        end
    ) as clea_care_leaver_eligibility,
    coalesce(
        of_clea_care_leaver_in_touch.standard_value,
        case
            when delivered.clea_care_leaver_in_touch in (
                'YES', 'NO', 'DIED', 'REFU', 'NREQ', 'RHOM'
            ) then delivered.clea_care_leaver_in_touch
            when delivered.clea_care_leaver_in_touch is not null then 'unmapped'
        end
    ) as clea_care_leaver_in_touch,
    delivered.clea_care_leaver_latest_contact,
    coalesce(
        of_clea_care_leaver_accommodation.standard_value,
        case
            when delivered.clea_care_leaver_accommodation in (
                'B', 'C', 'D', 'E', 'G', 'H', 'K', 'R', 'S', 'T', 'U', 'V', 'W', 'X',
                'Y', 'Z'
            ) then delivered.clea_care_leaver_accommodation
            when delivered.clea_care_leaver_accommodation is not null then 'unmapped'
        end
    ) as clea_care_leaver_accommodation,
    coalesce(
        of_clea_care_leaver_accom_suitable.standard_value,
        case
            when delivered.clea_care_leaver_accom_suitable in (
                '1', '2'
            ) then delivered.clea_care_leaver_accom_suitable
            when delivered.clea_care_leaver_accom_suitable is not null then 'unmapped'
        end
    ) as clea_care_leaver_accom_suitable,
    coalesce(
        of_clea_care_leaver_activity.standard_value,
        case
            when delivered.clea_care_leaver_activity in (
                'F1', 'P1', 'F2', 'P2', 'F3', 'P3', 'F4', 'P4', 'F5', 'P5', 'G4', 'G5',
                'G6'
            ) then delivered.clea_care_leaver_activity
            when delivered.clea_care_leaver_activity is not null then 'unmapped'
        end
    ) as clea_care_leaver_activity,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_clea_care_leaver_eligibility
    on
        lower(delivered.clea_care_leaver_eligibility) = of_clea_care_leaver_eligibility.source_value
        and of_clea_care_leaver_eligibility.column_name = 'clea_care_leaver_eligibility'
left join codes as of_clea_care_leaver_in_touch
    on
        lower(delivered.clea_care_leaver_in_touch) = of_clea_care_leaver_in_touch.source_value
        and of_clea_care_leaver_in_touch.column_name = 'clea_care_leaver_in_touch'
left join codes as of_clea_care_leaver_accommodation
    on
        lower(delivered.clea_care_leaver_accommodation) = of_clea_care_leaver_accommodation.source_value
        and of_clea_care_leaver_accommodation.column_name = 'clea_care_leaver_accommodation'
left join codes as of_clea_care_leaver_accom_suitable
    on
        lower(delivered.clea_care_leaver_accom_suitable) = of_clea_care_leaver_accom_suitable.source_value
        and of_clea_care_leaver_accom_suitable.column_name = 'clea_care_leaver_accom_suitable'
left join codes as of_clea_care_leaver_activity
    on
        lower(delivered.clea_care_leaver_activity) = of_clea_care_leaver_activity.source_value
        and of_clea_care_leaver_activity.column_name = 'clea_care_leaver_activity'
