with conferences as (
    select * from {{ ref('int_cp_timed_conferences') }}
)

select
    held_on as indicator_date,
    conference_id as subject_id,
    case when working_days <= {{ limit('icpc_limit_wd') }} then 1 else 0 end as numerator,
    1 as denominator
from conferences
