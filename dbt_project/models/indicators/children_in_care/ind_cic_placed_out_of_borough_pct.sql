with placements as (
    select * from {{ ref('int_care_cohort_placements') }}
    where placement_type <> '{{ limit('placed_with_parents') }}' and la_code is not null
),

council as (
    select * from {{ ref('int_council') }}
)

select
    placements.month_end as indicator_date,
    placements.person_id as subject_id,
    case when placements.la_code <> council.la_code then 1 else 0 end as numerator,
    1 as denominator
from placements
cross join council
