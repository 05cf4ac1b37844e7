-- the council's own plans; an empty answer on whose plan it is means its own [G16]
with plans as (
    select * from {{ ref('stg_ssd_cp_plans') }}
    where cppl_cp_plan_ola is distinct from 'Y'
),

persons as (
    select * from {{ ref('int_persons') }}
)

select
    plans.cppl_cp_plan_id as plan_id,
    plans.cppl_person_id as person_id,
    plans.cppl_icpc_id as conference_id,
    plans.cppl_cp_plan_start_date as started_on,
    plans.cppl_cp_plan_end_date as ended_on,
    {{ add_months('plans.cppl_cp_plan_start_date', 24) }} as second_anniversary,
    least(
        coalesce(plans.cppl_cp_plan_end_date, date '9999-12-31'),
        coalesce(persons.lives_until, date '9999-12-31')
    ) as open_until,
    plans.as_at
from plans
left join persons on plans.cppl_person_id = persons.person_id
