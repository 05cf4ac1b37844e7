with interviews as (
    select * from {{ ref('int_return_interviews') }}
)

-- not held: out while there is still time and where the child declined
select
    returned_on as indicator_date,
    missing_id as subject_id,
    case when working_days_to_interview <= {{ limit('rhi_limit_wd') }} then 1 else 0 end as numerator,
    1 as denominator,
    setting,
    in_out_borough,
    age_band
from interviews
where
    working_days_to_interview is not null
    or (is_declined = 0 and working_days_known >= {{ limit('rhi_limit_wd') }})
