with anchors as (
    select * from {{ ref('int_cp_visit_anchors') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

working_days as (
    select * from {{ ref('int_calendar') }}
    where is_working_day = 1
),

intervals as (
    select {{ limit('cp_visit_local_wd') }} as interval_wd
    union all
    select {{ limit('cp_visit_longer_wd') }} as interval_wd
),

reaches as (
    select
        anchors.plan_id,
        anchors.anchor_on,
        anchors.next_visit_on,
        anchors.working_day_number,
        last_day.working_day_number - anchors.working_day_number as to_the_last_day,
        coalesce(next_visit.working_day_number, last_day.working_day_number)
        - anchors.working_day_number as to_the_next_visit
    from anchors
    inner join calendar as last_day on anchors.due_until = last_day.calendar_date
    left join calendar as next_visit on anchors.next_visit_on = next_visit.calendar_date
),

-- the first visit always falls due; it falls due again while no visit came before (repeat_missed)
chains as (
    select
        reaches.plan_id,
        reaches.anchor_on,
        reaches.next_visit_on,
        reaches.working_day_number,
        intervals.interval_wd,
        floor(
            least(reaches.to_the_last_day, greatest(reaches.to_the_next_visit, intervals.interval_wd))
            / intervals.interval_wd
        ) as times_due
    from reaches
    cross join intervals
),

longest as (
    select max(times_due) as times_due
    from chains
),

numbers as (
    select calendar.day_number as time_due
    from calendar
    inner join longest on calendar.day_number <= longest.times_due
    where calendar.day_number >= 1
)

select
    chains.plan_id,
    chains.interval_wd,
    chains.anchor_on,
    working_days.calendar_date as due_on,
    case when chains.next_visit_on <= working_days.calendar_date then 1 else 0 end as is_met
from chains
inner join numbers on chains.times_due >= numbers.time_due
inner join working_days
    on chains.working_day_number + chains.interval_wd * numbers.time_due = working_days.working_day_number
