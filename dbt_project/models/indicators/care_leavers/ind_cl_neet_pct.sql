with cohort as (
    select * from {{ ref('int_care_leaver_cohort') }}
)

select
    month_end as indicator_date,
    person_id as subject_id,
    case when activity in ('G4', 'G5', 'G6') then 1 else 0 end as numerator,
    1 as denominator,
    age_part,
    case activity
        when 'G4' then 'illness or disability'
        when 'G5' then 'other circumstances'
        when 'G6' then 'pregnancy or parenting'
    end as neet_reason
from cohort
