with cohort as (
    select * from {{ ref('int_cp_cohort') }}
    where days_on_plan >= {{ limit('cp_review_first_days') }}
),

marks as (
    select * from {{ ref('int_cp_review_marks') }}
)

-- an overdue review that has not been held yet is late as well
select
    cohort.month_end as indicator_date,
    cohort.person_id as subject_id,
    case when marks.late_so_far = 0 and cohort.month_end <= marks.next_due_by then 1 else 0 end as numerator,
    1 as denominator
from cohort
inner join marks
    on
        cohort.plan_id = marks.plan_id
        and cohort.month_end >= marks.marked_on
        and cohort.month_end < marks.stands_until
