with referrals as (
    select * from {{ ref('stg_ext_early_help_referrals') }}
)

-- one for each child, known to social care or not
select
    eh_referral_date as indicator_date,
    eh_referral_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from referrals
