with episodes as (
    select * from {{ ref('stg_ssd_early_help_episodes') }}
),

persons as (
    select * from {{ ref('int_persons') }}
)

-- the child's death ends an episode [G5]
select
    episodes.earl_episode_id as episode_id,
    episodes.earl_person_id as person_id,
    episodes.earl_episode_start_date as started_on,
    {{ open_until(['episodes.earl_episode_end_date', 'persons.lives_until']) }} as open_until
from episodes
left join persons on episodes.earl_person_id = persons.person_id
where episodes.earl_person_id is not null
