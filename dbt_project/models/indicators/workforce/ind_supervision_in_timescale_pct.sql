with supervisions as (
    select * from {{ ref('stg_ext_supervision') }}
)

-- never held is missed, and so is held late; when it was recorded does not matter
select
    due_date as indicator_date,
    supervision_id as subject_id,
    case when supervision_date <= due_date then 1 else 0 end as numerator,
    1 as denominator
from supervisions
where due_date <= as_at
