with month_ends as (
    select * from {{ ref('int_month_ends') }}
),

episodes as (
    select * from {{ ref('int_care_episodes') }}
    where person_id is not null
),

periods as (
    select * from {{ ref('int_care_periods') }}
),

short_breaks as (
    select * from {{ ref('int_short_breaks') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

in_an_episode as (
    select distinct
        month_ends.month_end,
        month_ends.half_year_before,
        month_ends.year_before,
        episodes.person_id
    from month_ends
    inner join episodes
        on
            month_ends.month_end >= episodes.started_on
            and month_ends.month_end < episodes.open_until
),

-- of two open periods of care the earlier says how long the child has been in care
in_care as (
    select
        in_an_episode.month_end,
        in_an_episode.person_id,
        min(periods.entered_on) as in_care_since
    from in_an_episode
    inner join periods
        on
            in_an_episode.person_id = periods.person_id
            and in_an_episode.month_end >= periods.entered_on
            and in_an_episode.month_end < periods.open_until
    group by in_an_episode.month_end, in_an_episode.person_id
),

cohort as (
    select
        in_an_episode.month_end,
        in_an_episode.person_id,
        in_an_episode.half_year_before,
        in_an_episode.year_before,
        in_care.in_care_since,
        {{ age_in_years('persons.birth_date', 'in_an_episode.month_end') }} as age_in_years
    from in_an_episode
    left join in_care
        on
            in_an_episode.month_end = in_care.month_end
            and in_an_episode.person_id = in_care.person_id
    left join persons on in_an_episode.person_id = persons.person_id
    -- [G17]: nothing but short breaks on that day is not care
    left join short_breaks
        on
            in_an_episode.person_id = short_breaks.person_id
            and in_an_episode.month_end >= short_breaks.started_on
            and in_an_episode.month_end < short_breaks.open_until
    where short_breaks.person_id is null
)

select
    month_end,
    person_id,
    in_care_since,
    age_in_years,
    {{ age_band('age_in_years') }} as age_band,
    year_before,
    -- who is of unknown age is taken to be older
    case
        when age_in_years < {{ limit('health_under_age') }} then half_year_before
        else year_before
    end as health_checked_after
from cohort
