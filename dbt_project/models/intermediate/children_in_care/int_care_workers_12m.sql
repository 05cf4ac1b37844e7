with cohort as (
    select * from {{ ref('int_care_cohort') }}
),

worker_days as (
    select * from {{ ref('int_care_worker_days') }}
),

-- [G8]: a day later than the month end a year before
in_window as (
    select
        cohort.month_end,
        cohort.person_id,
        worker_days.professional_id,
        worker_days.change_reason
    from cohort
    left join worker_days
        on
            cohort.person_id = worker_days.person_id
            and cohort.month_end >= worker_days.first_day
            and cohort.year_before < worker_days.last_day
),

-- who comes back is one worker
counted as (
    select
        month_end,
        person_id,
        count(distinct professional_id) as workers
    from in_window
    group by month_end, person_id
),

reasons as (
    select distinct
        month_end,
        person_id,
        change_reason
    from in_window
    where change_reason is not null
)

select
    counted.month_end,
    counted.person_id,
    counted.workers,
    coalesce(reasons.change_reason, 'not recorded') as change_reason,
    row_number() over (
        partition by counted.month_end, counted.person_id
        order by reasons.change_reason
    ) as reason_number
from counted
left join reasons
    on
        counted.month_end = reasons.month_end
        and counted.person_id = reasons.person_id
