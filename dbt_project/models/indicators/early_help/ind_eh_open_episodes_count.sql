with episodes as (
    select * from {{ ref('int_early_help_episodes') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
)

-- two open episodes are one child
select distinct
    month_ends.month_end as indicator_date,
    episodes.person_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from episodes
inner join month_ends
    on
        episodes.started_on <= month_ends.month_end
        and episodes.open_until > month_ends.month_end
