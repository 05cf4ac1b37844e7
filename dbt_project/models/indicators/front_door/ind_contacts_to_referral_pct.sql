with contacts as (
    select * from {{ ref('stg_ssd_contacts') }}
)

-- only an existing referral is not a new one; an outcome that could not be read says nothing
select
    cont_contact_date as indicator_date,
    cont_contact_id as subject_id,
    case when cont_new_referral_flag = 'Y' then 1 else 0 end as numerator,
    1 as denominator
from contacts
where cont_new_referral_flag is not null
