with children as (
    select * from {{ ref('int_care_workers_12m') }}
)

-- a child stands once in the figure; one who is counted, under every reason that was given
select
    month_end as indicator_date,
    person_id as subject_id,
    case when reason_number = 1 and workers >= 2 then 1 else 0 end as numerator,
    case when reason_number = 1 then 1 else 0 end as denominator,
    case when workers >= 2 then change_reason end as worker_change_reason
from children
where reason_number = 1 or workers >= 2
