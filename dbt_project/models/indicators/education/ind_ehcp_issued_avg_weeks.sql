with plans as (
    select * from {{ ref('int_ehcp_plans_issued') }}
)

-- what families wait: a lawful exception makes no wait shorter
select
    issued_on as indicator_date,
    assessment_id as subject_id,
    {{ weeks('calendar_days') }} as numerator,
    1 as denominator
from plans
where calendar_days >= 0
