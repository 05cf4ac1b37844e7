with interviews as (
    select * from {{ ref('int_return_interviews') }}
)

-- an interview has a date and no time: 72 hours are three calendar days; not held: out while there
-- is still time and where the child declined
select
    returned_on as indicator_date,
    missing_id as subject_id,
    case when days_to_interview <= {{ limit('rhi_limit_days') }} then 1 else 0 end as numerator,
    1 as denominator,
    setting,
    in_out_borough,
    age_band
from interviews
where
    days_to_interview is not null
    or (is_declined = 0 and days_known >= {{ limit('rhi_limit_days') }})
