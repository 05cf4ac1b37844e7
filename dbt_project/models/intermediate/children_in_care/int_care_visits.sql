with visits as (
    select * from {{ ref('stg_ssd_cla_visits') }}
    where clav_cla_visit_seen = 'Y' and clav_person_id is not null
),

periods as (
    select * from {{ ref('int_care_periods') }}
),

visit_days as (
    select
        clav_person_id as person_id,
        clav_cla_visit_date as visited_on,
        min(clav_cla_visit_id) as visit_id
    from visits
    group by clav_person_id, clav_cla_visit_date
),

-- the last day of a period of care still belongs to it
around as (
    select
        visit_days.person_id,
        visit_days.visited_on,
        visit_days.visit_id,
        periods.open_until as care_open_until,
        row_number() over (
            partition by visit_days.person_id, visit_days.visited_on
            order by periods.entered_on desc, periods.open_until desc
        ) as newest_first
    from visit_days
    inner join periods
        on
            visit_days.person_id = periods.person_id
            and visit_days.visited_on >= periods.entered_on
            and visit_days.visited_on <= periods.open_until
)

select
    person_id,
    visited_on,
    visit_id,
    care_open_until
from around
where newest_first = 1
