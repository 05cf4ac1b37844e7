with referrals as (
    select * from {{ ref('stg_ext_early_help_referrals') }}
),

answered as (
    select distinct referral_id
    from {{ ref('int_early_help_assessments') }}
    where working_days_to_start <= {{ limit('eh_start_limit_wd') }}
)

select
    referrals.eh_referral_date as indicator_date,
    referrals.eh_referral_id as subject_id,
    case when answered.referral_id is not null then 1 else 0 end as numerator,
    1 as denominator
from referrals
left join answered on referrals.eh_referral_id = answered.referral_id
