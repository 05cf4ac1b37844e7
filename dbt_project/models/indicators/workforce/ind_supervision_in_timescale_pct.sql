with supervisions as (
    select * from {{ ref('stg_ext_supervision') }}
)

-- never held is missed, and so is held late; when it was recorded does not matter
select
    due_date as indicator_date,
    supervision_id as subject_id,
    case when supervision_date <= due_date then 1 else 0 end as numerator,
    1 as denominator,
    case
        when supervision_date <= due_date then null
        when supervision_date is null or supervision_date > as_at then 'not held'
        when supervision_date <= {{ dbt.dateadd('day', 7, 'due_date') }} then 'up to a week late'
        else 'over a week late'
    end as lateness
from supervisions
where due_date <= as_at
