with cohort as (
    select * from {{ ref('int_care_leaver_cohort') }}
)

select
    month_end as indicator_date,
    person_id as subject_id,
    case when in_touch = 'YES' then 1 else 0 end as numerator,
    1 as denominator,
    age_part,
    case
        when accommodation = 'X' then 'Y'
        when accommodation is null then 'not recorded'
        else 'N'
    end as in_custody
from cohort
