with placements as (
    select * from {{ ref('stg_ssd_cla_placement') }}
),

periods as (
    select * from {{ ref('int_care_periods') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

-- some systems name the period of care instead of the child
of_children as (
    select
        placements.clap_cla_placement_id as placement_id,
        placements.clap_cla_id as care_id,
        placements.clap_cla_placement_type as placement_type,
        placements.clap_placement_la_code as la_code,
        placements.clap_cla_placement_start_date as started_on,
        placements.clap_cla_placement_end_date as ended_on,
        periods.open_until as care_open_until,
        coalesce(placements.clap_person_id, periods.person_id) as person_id
    from placements
    left join periods on placements.clap_cla_id = periods.care_id
)

select
    of_children.placement_id,
    of_children.care_id,
    of_children.person_id,
    of_children.placement_type,
    of_children.la_code,
    of_children.started_on,
    {{ open_until(['of_children.ended_on', 'persons.lives_until']) }} as open_until,
    -- where the period of care is unknown it is taken to last
    {{ open_until(['of_children.care_open_until']) }} as care_open_until
from of_children
left join persons on of_children.person_id = persons.person_id
