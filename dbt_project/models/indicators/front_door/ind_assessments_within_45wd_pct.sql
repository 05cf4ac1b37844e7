with assessments as (
    select * from {{ ref('int_assessments_counted') }}
    where counted_as = 'authorised'
)

select
    counted_on as indicator_date,
    assessment_id as subject_id,
    case when working_days <= {{ limit('assessment_limit_wd') }} then 1 else 0 end as numerator,
    1 as denominator,
    delay_reason,
    uasc
from assessments
