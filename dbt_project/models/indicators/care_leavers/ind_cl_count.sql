with cohort as (
    select * from {{ ref('int_care_leaver_cohort') }}
)

select
    month_end as indicator_date,
    person_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator,
    age_part
from cohort
