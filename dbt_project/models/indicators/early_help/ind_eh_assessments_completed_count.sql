with assessments as (
    select * from {{ ref('int_early_help_assessments') }}
)

select
    completed_on as indicator_date,
    assessment_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from assessments
where completed_on is not null
