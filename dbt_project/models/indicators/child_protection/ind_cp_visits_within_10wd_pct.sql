with visits_due as (
    select * from {{ ref('int_cp_visits_due') }}
)

select
    due_on as indicator_date,
    plan_id as subject_id,
    is_met as numerator,
    1 as denominator
from visits_due
where interval_wd = {{ limit('cp_visit_local_wd') }}
