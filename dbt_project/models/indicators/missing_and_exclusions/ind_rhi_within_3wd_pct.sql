with interviews as (
    select * from {{ ref('int_return_interviews') }}
)

select
    returned_on as indicator_date,
    missing_id as subject_id,
    is_in_time as numerator,
    1 as denominator,
    setting,
    in_out_borough
from interviews
