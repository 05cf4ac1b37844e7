with episodes as (
    select * from {{ ref('int_care_episodes') }}
)

-- open while any episode is, else to the last day of all [G17]
select
    care_id,
    min(person_id) as person_id,
    coalesce(min(entered_care_on), min(started_on)) as entered_on,
    max(open_until) as open_until
from episodes
group by care_id
