-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_early_help_episodes') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_early_help_episodes' and is_newest
)

select
    delivered.earl_episode_id,
    delivered.earl_person_id,
    delivered.earl_episode_start_date,
    delivered.earl_episode_end_date,
    delivered.earl_episode_reason,
    delivered.earl_episode_end_reason,
    delivered.earl_episode_organisation,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
