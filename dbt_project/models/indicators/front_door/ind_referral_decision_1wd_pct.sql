with decisions as (
    select * from {{ ref('int_referral_decisions') }}
)

select
    decided_on as indicator_date,
    referral_id as subject_id,
    case when working_days <= {{ limit('referral_decision_limit_wd') }} then 1 else 0 end as numerator,
    1 as denominator
from decisions
