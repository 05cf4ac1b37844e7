with plans as (
    select * from {{ ref('int_ehcp_plans_issued') }}
)

-- without a request, or issued before it, a plan cannot be timed
select
    issued_on as indicator_date,
    assessment_id as subject_id,
    case when calendar_days <= {{ limit('ehcp_limit_days') }} then 1 else 0 end as numerator,
    1 as denominator
from plans
where calendar_days >= 0 and is_excepted = 0
