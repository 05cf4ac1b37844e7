with cohort as (
    select * from {{ ref('int_cp_cohort') }}
)

select
    month_end as indicator_date,
    person_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from cohort
