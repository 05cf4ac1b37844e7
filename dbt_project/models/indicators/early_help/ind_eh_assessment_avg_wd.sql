with assessments as (
    select * from {{ ref('int_early_help_assessments') }}
)

select
    completed_on as indicator_date,
    assessment_id as subject_id,
    working_days_to_completion as numerator,
    1 as denominator
from assessments
where working_days_to_completion is not null
