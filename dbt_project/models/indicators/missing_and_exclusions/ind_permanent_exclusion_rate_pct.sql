with exclusions as (
    select * from {{ ref('int_permanent_exclusions') }}
),

pupils_on_roll as (
    select * from {{ ref('int_pupils_on_roll') }}
)

select
    excluded_on as indicator_date,
    exclusion_id as subject_id,
    1 as numerator,
    cast(null as bigint) as denominator
from exclusions
union all
select
    first_day as indicator_date,
    academic_year as subject_id,
    0 as numerator,
    pupils as denominator
from pupils_on_roll
