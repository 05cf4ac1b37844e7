with referrals as (
    select * from {{ ref('stg_ssd_cin_episodes') }}
),

-- the twelve months run from the earlier referral or, in some councils, from the close of its case
timed as (
    select
        cine_referral_id as referral_id,
        cine_person_id as person_id,
        cine_referral_date as referral_date,
        cine_close_date as close_date,
        {{ add_months('cine_referral_date', -limit('rereferral_months')) }} as year_before -- [G7]
    from referrals
),

-- a referral of the same day is not an earlier one
rereferrals as (
    select distinct later.referral_id
    from timed as later
    inner join timed as earlier
        on
            later.person_id = earlier.person_id
            and later.referral_date > earlier.referral_date
            and later.referral_date >= earlier.{{ var('rereferral_clock', 'referral_date') }}
            and later.year_before <= earlier.{{ var('rereferral_clock', 'referral_date') }}
)

select
    timed.referral_id,
    timed.person_id,
    timed.referral_date as referred_on,
    case when rereferrals.referral_id is not null then 1 else 0 end as is_rereferral
from timed
left join rereferrals on timed.referral_id = rereferrals.referral_id
