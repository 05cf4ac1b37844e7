with decisions as (
    select * from {{ ref('int_referral_decisions') }}
)

select
    decided_on as indicator_date,
    referral_id as subject_id,
    case when working_days <= 1 then 1 else 0 end as numerator, -- limit_wd
    1 as denominator
from decisions
