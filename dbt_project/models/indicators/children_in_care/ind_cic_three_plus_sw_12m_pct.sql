with children as (
    select * from {{ ref('int_care_workers_12m') }}
    where reason_number = 1
)

select
    month_end as indicator_date,
    person_id as subject_id,
    case when workers >= 3 then 1 else 0 end as numerator,
    1 as denominator
from children
