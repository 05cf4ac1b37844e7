with referrals as (
    select * from {{ ref('int_referrals') }}
)

-- those closed without further action are counted too
select
    referred_on as indicator_date,
    referral_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from referrals
