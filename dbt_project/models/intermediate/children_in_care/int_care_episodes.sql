with episodes as (
    select * from {{ ref('stg_ssd_cla_episodes') }}
),

persons as (
    select * from {{ ref('int_persons') }}
)

select
    episodes.clae_cla_episode_id as episode_id,
    episodes.clae_cla_id as care_id,
    episodes.clae_person_id as person_id,
    episodes.clae_cla_placement_id as placement_id,
    episodes.clae_cla_episode_start_reason as start_reason,
    episodes.clae_entered_care_date as entered_care_on,
    episodes.clae_cla_episode_start_date as started_on,
    -- a death ends every row of the child [G5]
    {{ open_until(['episodes.clae_cla_episode_ceased_date', 'persons.lives_until']) }} as open_until
from episodes
left join persons on episodes.clae_person_id = persons.person_id
