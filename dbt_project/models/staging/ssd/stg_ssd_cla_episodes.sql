-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
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
        case
            when delivered.clae_cla_episode_start_reason in (
                'S', 'L', 'P', 'T', 'B', 'U'
            ) then delivered.clae_cla_episode_start_reason
            when delivered.clae_cla_episode_start_reason is not null then 'unmapped'
        end
    ) as clae_cla_episode_start_reason,
    delivered.clae_cla_episode_ceased_date,
    coalesce(
        of_clae_cla_episode_ceased_reason.standard_value,
        case
            when delivered.clae_cla_episode_ceased_reason in (
                'X1', 'E2', 'E3', 'E4A', 'E4B', 'E5', 'E6', 'E7', 'E8', 'E9', 'E11',
                'E12', 'E13', 'E14', 'E15', 'E16', 'E17', 'E41', 'E45', 'E46', 'E47',
                'E48'
            ) then delivered.clae_cla_episode_ceased_reason
            when delivered.clae_cla_episode_ceased_reason is not null then 'unmapped'
        end
    ) as clae_cla_episode_ceased_reason,
    delivered.clae_entered_care_date,
    coalesce(
        of_clae_cla_primary_need_code.standard_value,
        case
            when delivered.clae_cla_primary_need_code in (
                'N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'N8'
            ) then delivered.clae_cla_primary_need_code
            when delivered.clae_cla_primary_need_code is not null then 'unmapped'
        end
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
