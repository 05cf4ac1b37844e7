with plans as (
    select * from {{ ref('int_cp_plans') }}
),

visits as (
    select * from {{ ref('stg_ssd_cp_visits') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- a visit's plan, which may be another authority's, only helps to find a child it does not name
of_children as (
    select
        visits.cppv_cp_visit_date as visit_date,
        visits.cppv_cp_visit_seen as seen,
        coalesce(visits.cppv_person_id, delivered_plans.cppl_person_id) as person_id
    from visits
    left join {{ ref('stg_ssd_cp_plans') }} as delivered_plans
        on visits.cppv_cp_plan_id = delivered_plans.cppl_cp_plan_id
),

-- nobody can see a child before its birth: then any visit counts [G10]
counting as (
    select
        of_children.person_id,
        of_children.visit_date
    from of_children
    left join persons on of_children.person_id = persons.person_id
    where of_children.seen = 'Y' or persons.birth_date > of_children.visit_date
),

anchors as (
    select
        plan_id,
        started_on as anchor_on
    from plans
    union distinct
    select
        plans.plan_id,
        counting.visit_date as anchor_on
    from plans
    inner join counting
        on
            plans.person_id = counting.person_id
            and plans.started_on <= counting.visit_date
            and plans.open_until >= counting.visit_date
),

followed as (
    select
        plan_id,
        anchor_on,
        lead(anchor_on) over (partition by plan_id order by anchor_on) as next_visit_on
    from anchors
)

select
    followed.plan_id,
    plans.person_id,
    followed.anchor_on,
    calendar.working_day_number,
    followed.next_visit_on,
    least(coalesce(followed.next_visit_on, date '9999-12-31'), plans.open_until) as stands_until,
    least(plans.open_until, plans.as_at) as due_until
from followed
inner join plans on followed.plan_id = plans.plan_id
inner join calendar on followed.anchor_on = calendar.calendar_date
