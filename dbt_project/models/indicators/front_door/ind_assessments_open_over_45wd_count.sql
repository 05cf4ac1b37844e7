with assessments as (
    select * from {{ ref('int_assessments_counted') }}
    where counted_as = 'open'
)

select
    counted_on as indicator_date,
    assessment_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator,
    delay_reason,
    uasc
from assessments
where working_days > {{ limit('assessment_limit_wd') }}
