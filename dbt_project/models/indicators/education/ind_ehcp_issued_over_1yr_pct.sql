with plans as (
    select * from {{ ref('int_ehcp_plans_issued') }}
)

select
    issued_on as indicator_date,
    assessment_id as subject_id,
    case when calendar_days > {{ limit('ehcp_long_wait_days') }} then 1 else 0 end as numerator,
    1 as denominator
from plans
where calendar_days >= 0
