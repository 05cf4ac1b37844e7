with plans as (
    select * from {{ ref('int_cp_plans') }}
)

select
    ended_on as indicator_date,
    plan_id as subject_id,
    case when ended_on >= second_anniversary then 1 else 0 end as numerator,
    1 as denominator
from plans
where ended_on is not null
