-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_missing') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_missing' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_missing'
)

select
    delivered.miss_table_id,
    delivered.miss_person_id,
    delivered.miss_missing_episode_start_date,
    delivered.miss_missing_episode_end_date,
    coalesce(
        of_miss_missing_episode_type.standard_value,
        case
            when delivered.miss_missing_episode_type in (
                'Missing', 'Away'
            ) then delivered.miss_missing_episode_type
            when delivered.miss_missing_episode_type is not null then 'unmapped'
        end
    ) as miss_missing_episode_type,
    delivered.miss_missing_rhi_offered,
    delivered.miss_missing_rhi_accepted,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_miss_missing_episode_type
    on
        lower(delivered.miss_missing_episode_type) = of_miss_missing_episode_type.source_value
        and of_miss_missing_episode_type.column_name = 'miss_missing_episode_type'
