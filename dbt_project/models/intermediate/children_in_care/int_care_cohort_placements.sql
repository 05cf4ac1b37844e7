with cohort as (
    select * from {{ ref('int_care_cohort') }}
),

placements as (
    select * from {{ ref('int_placements') }}
),

open_placements as (
    select
        cohort.month_end,
        cohort.person_id,
        placements.placement_id,
        placements.placement_type,
        placements.la_code,
        row_number() over (
            partition by cohort.month_end, cohort.person_id
            order by placements.started_on desc, placements.placement_id desc
        ) as newest_first
    from cohort
    inner join placements
        on
            cohort.person_id = placements.person_id
            and cohort.month_end >= placements.started_on
            and cohort.month_end < placements.open_until
)

select
    month_end,
    person_id,
    placement_id,
    placement_type,
    la_code
from open_placements
where newest_first = 1
