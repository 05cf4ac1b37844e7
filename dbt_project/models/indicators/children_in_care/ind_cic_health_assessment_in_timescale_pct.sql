with cohort as (
    select * from {{ ref('int_care_cohort') }}
    where in_care_since <= health_checked_after
),

checks as (
    select * from {{ ref('stg_ssd_cla_health') }}
    where
        clah_health_check_type in ('initial_health', 'review_health')
        and clah_health_check_status = 'Completed'
)

select
    cohort.month_end as indicator_date,
    cohort.person_id as subject_id,
    max(case when checks.clah_health_check_id is not null then 1 else 0 end) as numerator,
    1 as denominator,
    cohort.age_band
from cohort
left join checks
    on
        cohort.person_id = checks.clah_person_id
        and cohort.month_end >= checks.clah_health_check_date
        and cohort.health_checked_after < checks.clah_health_check_date
group by cohort.month_end, cohort.person_id, cohort.age_band
