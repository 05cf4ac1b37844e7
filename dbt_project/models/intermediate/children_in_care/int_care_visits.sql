with visits as (
    select * from {{ ref('stg_ssd_cla_visits') }}
    where clav_cla_visit_seen = 'Y' and clav_person_id is not null
),

periods as (
    select * from {{ ref('int_care_periods') }}
),

placements as (
    select * from {{ ref('int_placements') }}
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
),

in_care as (
    select * from around
    where newest_first = 1
),

open_placements as (
    select
        in_care.person_id,
        in_care.visited_on,
        placements.placement_type,
        {{ add_months('placements.started_on', 12) }} as a_year_old_on,
        row_number() over (
            partition by in_care.person_id, in_care.visited_on
            order by placements.started_on desc, placements.placement_id desc
        ) as newest_first
    from in_care
    inner join placements
        on
            in_care.person_id = placements.person_id
            and in_care.visited_on >= placements.started_on
            and in_care.visited_on < placements.open_until
),

placed as (
    select * from open_placements
    where newest_first = 1
)

select
    in_care.person_id,
    in_care.visited_on,
    in_care.visit_id,
    in_care.care_open_until,
    placed.placement_type,
    lead(in_care.visited_on) over (
        partition by in_care.person_id
        order by in_care.visited_on
    ) as next_visited_on,
    -- long_term_types, long_term_days, interval_days
    case
        when placed.placement_type in ('U1', 'U4') and in_care.visited_on >= placed.a_year_old_on then 91
        else 42
    end as interval_days
from in_care
left join placed
    on
        in_care.person_id = placed.person_id
        and in_care.visited_on = placed.visited_on
