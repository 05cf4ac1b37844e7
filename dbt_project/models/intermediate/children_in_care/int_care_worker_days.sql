with workers as (
    select * from {{ ref('int_allocated_workers') }}
),

episodes as (
    select * from {{ ref('int_care_episodes') }}
),

spans as (
    select
        workers.involvement_id,
        workers.person_id,
        workers.professional_id,
        workers.change_reason,
        episodes.episode_id,
        workers.started_on = workers.open_until as is_one_day_post,
        greatest(workers.started_on, episodes.started_on) as shared_from,
        least(workers.open_until, episodes.open_until) as shared_until
    from workers
    inner join episodes on workers.person_id = episodes.person_id
)

select
    involvement_id,
    episode_id,
    person_id,
    professional_id,
    change_reason,
    shared_from as first_day,
    case
        when shared_from < shared_until then cast({{ dbt.dateadd('day', -1, 'shared_until') }} as date)
        else shared_from
    end as last_day
from spans
-- a post of one day counts on that day, though it is never open overnight
where shared_from < shared_until or (shared_from = shared_until and is_one_day_post)
