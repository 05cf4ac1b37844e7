-- two numbers for one child and the same days are one plan, known by the smaller number
with plans as (
    select * from {{ ref('stg_ssd_cp_plans') }}
    where cppl_cp_plan_ola is distinct from 'Y'
)

select
    cppl_cp_plan_id as any_plan_id,
    case
        when cppl_person_id is null then cppl_cp_plan_id
        else min(cppl_cp_plan_id) over (
            partition by cppl_person_id, cppl_cp_plan_start_date, cppl_cp_plan_end_date
        )
    end as plan_id
from plans
