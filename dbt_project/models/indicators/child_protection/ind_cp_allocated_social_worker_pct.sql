with cohort as (
    select * from {{ ref('int_cp_cohort') }}
),

workers as (
    select * from {{ ref('int_allocated_workers') }}
)

select
    cohort.month_end as indicator_date,
    cohort.person_id as subject_id,
    max(case when workers.involvement_id is not null then 1 else 0 end) as numerator,
    1 as denominator
from cohort
left join workers
    on
        cohort.person_id = workers.person_id
        and cohort.month_end >= workers.started_on
        and cohort.month_end < workers.open_until
group by cohort.month_end, cohort.person_id
