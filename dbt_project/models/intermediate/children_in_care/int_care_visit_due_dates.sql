with visits as (
    select * from {{ ref('int_care_visits') }}
),

placements as (
    select * from {{ ref('int_placements') }}
    where coalesce(placement_type, '') not in ('T0', 'T1', 'T2', 'T3', 'T4', 'A3', 'A4', 'A5', 'A6')
),

short_breaks as (
    select * from {{ ref('int_short_breaks') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

covered as (
    select
        max(month_end) as last_day,
        max(day_number) as day_number
    from month_ends
),

-- after a placement's start: once, if placement and care last that long (first_days)
first_due as (
    select
        placement_id,
        person_id,
        started_on,
        open_until,
        care_open_until,
        cast({{ dbt.dateadd('day', 7, 'started_on') }} as date) as due_on
    from placements
),

first_visits as (
    select
        'placement' as anchor_kind,
        first_due.placement_id as anchor_id,
        first_due.person_id,
        first_due.due_on,
        max(case when visits.visited_on is not null then 1 else 0 end) as is_made
    from first_due
    left join visits
        on
            first_due.person_id = visits.person_id
            and first_due.started_on <= visits.visited_on
            and first_due.due_on >= visits.visited_on
    where first_due.due_on <= first_due.open_until and first_due.due_on <= first_due.care_open_until
    group by first_due.placement_id, first_due.person_id, first_due.due_on
),

-- a visit to a child placed for adoption sets no date of these rules
anchors as (
    select
        visits.visit_id,
        visits.person_id,
        visits.visited_on,
        visits.next_visited_on,
        visits.care_open_until,
        visits.interval_days,
        -- days until the next visit, or until care or the data end
        least(
            coalesce(next_days.day_number, covered.day_number),
            coalesce(last_days.day_number, covered.day_number),
            covered.day_number
        ) - visit_days.day_number as days
    from visits
    cross join covered
    inner join calendar as visit_days on visits.visited_on = visit_days.calendar_date
    left join calendar as next_days on visits.next_visited_on = next_days.calendar_date
    left join calendar as last_days on visits.care_open_until = last_days.calendar_date
    where coalesce(visits.placement_type, '') not in ('A3', 'A4', 'A5', 'A6')
),

-- the first one always falls due; after a missed one another does, unless a visit comes before it
-- (repeat_missed)
counted as (
    select
        *,
        greatest(1, (days - days % interval_days) / interval_days) as visits_due
    from anchors
),

-- no more of them than the join below needs
numbers as (
    select day_number as number
    from calendar
    where day_number > 0 and day_number <= (select max(counted.visits_due) from counted)
),

next_due as (
    select
        counted.visit_id,
        counted.person_id,
        counted.next_visited_on,
        counted.care_open_until,
        cast({{ dbt.dateadd('day', 'counted.interval_days * numbers.number', 'counted.visited_on') }} as date)
            as due_on
    from counted
    inner join numbers on counted.visits_due >= numbers.number
),

next_visits as (
    select
        'visit' as anchor_kind,
        visit_id as anchor_id,
        person_id,
        due_on,
        case when next_visited_on <= due_on then 1 else 0 end as is_made
    from next_due
    where due_on <= care_open_until
),

all_due as (
    select * from first_visits
    union all
    select * from next_visits
)

select
    all_due.anchor_kind,
    all_due.anchor_id,
    all_due.person_id,
    all_due.due_on,
    all_due.is_made
from all_due
cross join covered
-- none is due while the child is on short breaks only [G17]
left join short_breaks
    on
        all_due.person_id = short_breaks.person_id
        and all_due.due_on >= short_breaks.started_on
        and all_due.due_on < short_breaks.open_until
where short_breaks.person_id is null and all_due.due_on <= covered.last_day
