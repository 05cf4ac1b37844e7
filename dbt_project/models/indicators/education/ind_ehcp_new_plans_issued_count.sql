with plans as (
    select * from {{ ref('int_ehcp_plans_issued') }}
)

select
    issued_on as indicator_date,
    assessment_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from plans
