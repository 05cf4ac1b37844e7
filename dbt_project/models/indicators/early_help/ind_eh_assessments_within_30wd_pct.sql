with assessments as (
    select * from {{ ref('int_early_help_assessments') }}
)

select
    completed_on as indicator_date,
    assessment_id as subject_id,
    case
        when working_days_to_completion <= {{ limit('eh_assessment_limit_wd') }} then 1
        else 0
    end as numerator,
    1 as denominator
from assessments
where working_days_to_completion is not null
