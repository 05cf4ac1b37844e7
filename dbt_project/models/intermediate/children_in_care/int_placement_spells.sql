with placements as (
    select * from {{ ref('int_placements') }}
    where
        person_id is not null
        and placement_type not in (
            {{ as_list(limit('temporary_types')) }}
        )
),

episodes as (
    select * from {{ ref('int_care_episodes') }}
    where placement_id is not null
),

numbered_episodes as (
    select
        placement_id,
        start_reason,
        row_number() over (partition by placement_id order by started_on, episode_id) as episode_number
    from episodes
),

first_episodes as (
    select * from numbered_episodes
    where episode_number = 1
),

-- after L, T and U the child stayed with the same carer: no new spell; nor is another number for the
-- same placement
openings as (
    select
        min(placements.placement_id) as placement_id,
        placements.care_id,
        placements.person_id,
        placements.started_on,
        placements.open_until,
        min(case when first_episodes.start_reason in ('L', 'T', 'U') then 0 else 1 end) as opens_a_spell
    from placements
    left join first_episodes on placements.placement_id = first_episodes.placement_id
    group by
        placements.care_id,
        placements.person_id,
        placements.started_on,
        placements.open_until,
        placements.placement_type
),

numbered as (
    select
        person_id,
        care_id,
        started_on,
        open_until,
        sum(opens_a_spell) over (
            partition by person_id, care_id
            order by started_on, placement_id
            rows between unbounded preceding and current row
        ) as spell_number
    from openings
),

spells as (
    select
        person_id,
        care_id,
        spell_number,
        min(started_on) as started_on,
        max(open_until) as open_until
    from numbered
    group by person_id, care_id, spell_number
)

-- a spell's last day is the one before its end; one that begins and ends on one day has that day
select
    person_id,
    care_id,
    spell_number,
    started_on,
    open_until,
    greatest(
        started_on,
        cast({{ dbt.dateadd('day', -1, 'open_until') }} as date)
    ) as last_day
from spells
