{% set not_visited = limit('temporary_types') + limit('adoption_types') %}

with visits as (
    select * from {{ ref('int_care_visits') }}
),

placements as (
    select * from {{ ref('int_placements') }}
),

care_orders as (
    select * from {{ ref('int_care_orders') }}
),

intervals as (
    select * from {{ ref('int_care_visit_intervals') }}
),

-- within a week of a placement's start, whatever numbers it has; with parents also of a care order,
-- of an interim one only until the first review
starts as (
    select
        'placement' as anchor_kind,
        min(placement_id) as anchor_id,
        person_id,
        started_on as anchor_on,
        open_until,
        care_open_until
    from placements
    where
        coalesce(placement_type, '') not in (
            {{ as_list(not_visited) }}
        )
    group by coalesce(person_id, placement_id), person_id, started_on, open_until, care_open_until
    union all
    select
        'order' as anchor_kind,
        care_orders.order_id as anchor_id,
        care_orders.person_id,
        care_orders.started_on as anchor_on,
        max(placements.open_until) as open_until,
        max(placements.care_open_until) as care_open_until
    from care_orders
    inner join placements
        on
            care_orders.person_id = placements.person_id
            and care_orders.started_on > placements.started_on
            and care_orders.started_on < placements.open_until
            and placements.placement_type = '{{ limit("placed_with_parents") }}'
    inner join intervals
        on
            care_orders.person_id = intervals.person_id
            and care_orders.started_on >= intervals.started_on
            and care_orders.started_on < intervals.open_until
            and placements.placement_type = intervals.placement_type
    where care_orders.legal_status = 'C2' or intervals.interval_days = {{ limit('visit_days_before_review') }}
    group by care_orders.order_id, care_orders.person_id, care_orders.started_on
)

-- a visit to a child placed for adoption sets no date of these rules
select
    anchor_kind,
    anchor_id,
    person_id,
    anchor_on,
    {{ limit('visit_days_first') }} as first_days,
    open_until,
    care_open_until
from starts
union all
select
    'visit' as anchor_kind,
    visits.visit_id as anchor_id,
    visits.person_id,
    visits.visited_on as anchor_on,
    coalesce(intervals.interval_days, {{ limit('visit_days') }}) as first_days,
    date '9999-12-31' as open_until,
    visits.care_open_until
from visits
left join intervals
    on
        visits.person_id = intervals.person_id
        and visits.visited_on >= intervals.started_on
        and visits.visited_on < intervals.open_until
where
    coalesce(intervals.placement_type, '') not in (
        {{ as_list(limit('adoption_types')) }}
    )
