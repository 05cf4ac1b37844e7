with plans as (
    select * from {{ ref('stg_ssd_cp_plans') }}
),

-- the council's own plans; an empty answer on whose plan it is means its own [G16]
numbers as (
    select * from {{ ref('int_cp_plan_numbers') }}
    where any_plan_id = plan_id
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
    {{ add_months('plans.cppl_cp_plan_start_date', limit('cp_long_plan_months')) }} as second_anniversary,
    {{ open_until(['plans.cppl_cp_plan_end_date', 'persons.lives_until']) }} as open_until,
    plans.as_at
from plans
inner join numbers on plans.cppl_cp_plan_id = numbers.plan_id
left join persons on plans.cppl_person_id = persons.person_id
