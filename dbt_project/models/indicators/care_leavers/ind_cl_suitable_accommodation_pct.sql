with cohort as (
    select * from {{ ref('int_care_leaver_cohort') }}
)

select
    month_end as indicator_date,
    person_id as subject_id,
    case when suitable = '1' then 1 else 0 end as numerator,
    1 as denominator,
    age_part,
    case
        when suitable = '2' and accommodation = 'X' then 'custody'
        when suitable = '2' and accommodation = 'W' then 'bed and breakfast'
        when suitable = '2' and accommodation = 'S' then 'homeless'
        when suitable = '2' and accommodation = 'V' then 'emergency'
        when suitable = '2' then 'other'
    end as unsuitable_type
from cohort
