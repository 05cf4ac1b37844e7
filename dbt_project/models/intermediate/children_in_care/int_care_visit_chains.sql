with anchors as (
    select * from {{ ref('int_care_visit_anchors') }}
),

visits as (
    select * from {{ ref('int_care_visits') }}
),

placements as (
    select * from {{ ref('int_placements') }}
),

covered as (
    select max(month_end) as last_day
    from {{ ref('int_month_ends') }}
),

-- a child who moves is owed a visit there, so the dates that were set before fall away
moves as (
    select
        person_id,
        anchor_on as moved_on
    from anchors
    where anchor_kind <> 'visit'
    union distinct
    select
        person_id,
        started_on as moved_on
    from placements
    where
        placement_type in (
            {{ as_list(limit('adoption_types')) }}
        )
),

next_moves as (
    select
        anchors.anchor_kind,
        anchors.anchor_id,
        min(moves.moved_on) as moved_on
    from anchors
    inner join moves on anchors.person_id = moves.person_id and anchors.anchor_on < moves.moved_on
    group by anchors.anchor_kind, anchors.anchor_id
),

-- on the day of a start a visit already counts for it
next_visits as (
    select
        anchors.anchor_kind,
        anchors.anchor_id,
        min(visits.visited_on) as visited_on
    from anchors
    inner join visits
        on
            anchors.person_id = visits.person_id
            and (
                anchors.anchor_on < visits.visited_on
                or (anchors.anchor_on = visits.visited_on and anchors.anchor_kind <> 'visit')
            )
    group by anchors.anchor_kind, anchors.anchor_id
)

select
    anchors.anchor_kind,
    anchors.anchor_id,
    anchors.person_id,
    anchors.open_until,
    cast({{ dbt.dateadd('day', 'anchors.first_days', 'anchors.anchor_on') }} as date) as first_due_on,
    coalesce(next_visits.visited_on, date '9999-12-31') as next_visit_on,
    least(
        anchors.care_open_until,
        covered.last_day,
        coalesce(next_moves.moved_on, date '9999-12-31')
    ) as last_day
from anchors
cross join covered
left join next_moves
    on anchors.anchor_kind = next_moves.anchor_kind and anchors.anchor_id = next_moves.anchor_id
left join next_visits
    on anchors.anchor_kind = next_visits.anchor_kind and anchors.anchor_id = next_visits.anchor_id
