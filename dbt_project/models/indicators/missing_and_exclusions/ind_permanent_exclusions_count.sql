with exclusions as (
    select * from {{ ref('int_permanent_exclusions') }}
)

select
    excluded_on as indicator_date,
    exclusion_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator,
    phase
from exclusions
