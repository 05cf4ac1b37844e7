with plans as (
    select * from {{ ref('int_cp_plans') }}
    where person_id is not null
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- of several open plans the one begun first speaks for the child
open_plans as (
    select
        month_ends.month_end,
        plans.person_id,
        plans.plan_id,
        month_ends.day_number - calendar.day_number as days_on_plan,
        row_number() over (
            partition by month_ends.month_end, plans.person_id
            order by plans.started_on, plans.plan_id
        ) as choice
    from plans
    inner join calendar on plans.started_on = calendar.calendar_date
    inner join month_ends
        on
            {{ is_open('plans', 'month_ends.month_end') }}
)

select
    month_end,
    person_id,
    plan_id,
    days_on_plan
from open_plans
where choice = 1
