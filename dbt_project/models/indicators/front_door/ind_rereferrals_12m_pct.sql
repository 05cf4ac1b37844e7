with referrals as (
    select * from {{ ref('int_referrals') }}
)

select
    referred_on as indicator_date,
    referral_id as subject_id,
    is_rereferral as numerator,
    1 as denominator
from referrals
