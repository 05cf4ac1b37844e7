with recursive chains as (
    select * from {{ ref('int_care_visit_chains') }}
),

intervals as (
    select * from {{ ref('int_care_visit_intervals') }}
),

short_breaks as (
    select * from {{ ref('int_short_breaks') }}
),

-- the first one falls due whatever comes; after a missed one another does, unless a visit comes
-- before it (repeat_missed)
due_dates as (
    select
        anchor_kind,
        anchor_id,
        person_id,
        first_due_on as due_on,
        next_visit_on,
        last_day
    from chains
    where first_due_on <= last_day and first_due_on <= open_until
    union all
    select
        due_dates.anchor_kind,
        due_dates.anchor_id,
        due_dates.person_id,
        cast(
            {{ dbt.dateadd(
                'day', 'coalesce(intervals.interval_days, ' ~ limit('visit_days') ~ ')', 'due_dates.due_on'
            ) }} as date
        ) as due_on,
        due_dates.next_visit_on,
        due_dates.last_day
    from due_dates
    left join intervals
        on
            due_dates.person_id = intervals.person_id
            and due_dates.due_on >= intervals.started_on
            and due_dates.due_on < intervals.open_until
    where
        due_dates.person_id is not null
        and due_dates.next_visit_on > due_dates.due_on
        and due_dates.last_day > due_dates.due_on
),

counted as (
    select
        anchor_kind,
        anchor_id,
        person_id,
        due_on,
        case when next_visit_on <= due_on then 1 else 0 end as is_made,
        row_number() over (partition by anchor_kind, anchor_id order by due_on) as due_no,
        next_visit_on,
        last_day
    from due_dates
)

select
    counted.anchor_kind,
    counted.anchor_id,
    counted.person_id,
    counted.due_on,
    counted.is_made
from counted
-- none is due while the child is on short breaks only [G17]
left join short_breaks
    on
        counted.person_id = short_breaks.person_id
        and counted.due_on >= short_breaks.started_on
        and counted.due_on < short_breaks.open_until
where
    short_breaks.person_id is null
    and counted.due_on <= counted.last_day
    and (counted.due_no = 1 or counted.next_visit_on >= counted.due_on)
