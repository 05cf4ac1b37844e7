-- Made from orchestration/deliveries/extracts.yml by
-- `python -m orchestration.deliveries.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cla_episodes') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cla_episodes' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_cla_episodes'
)

select
    delivered.clae_cla_episode_id,
    delivered.clae_person_id,
    delivered.clae_cla_id,
    delivered.clae_cla_placement_id,
    delivered.clae_cla_episode_start_date,
    coalesce(
        of_clae_cla_episode_start_reason.standard_value,
        delivered.clae_cla_episode_start_reason
    ) as clae_cla_episode_start_reason,
    delivered.clae_cla_episode_ceased_date,
    coalesce(
        of_clae_cla_episode_ceased_reason.standard_value,
        delivered.clae_cla_episode_ceased_reason
    ) as clae_cla_episode_ceased_reason,
    delivered.clae_entered_care_date,
    coalesce(
        of_clae_cla_primary_need_code.standard_value,
        delivered.clae_cla_primary_need_code
    ) as clae_cla_primary_need_code,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_clae_cla_episode_start_reason
    on
        lower(delivered.clae_cla_episode_start_reason) = of_clae_cla_episode_start_reason.source_value
        and of_clae_cla_episode_start_reason.column_name = 'clae_cla_episode_start_reason'
left join codes as of_clae_cla_episode_ceased_reason
    on
        lower(delivered.clae_cla_episode_ceased_reason) = of_clae_cla_episode_ceased_reason.source_value
        and of_clae_cla_episode_ceased_reason.column_name = 'clae_cla_episode_ceased_reason'
left join codes as of_clae_cla_primary_need_code
    on
        lower(delivered.clae_cla_primary_need_code) = of_clae_cla_primary_need_code.source_value
        and of_clae_cla_primary_need_code.column_name = 'clae_cla_primary_need_code'
