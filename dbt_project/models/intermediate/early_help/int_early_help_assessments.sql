with assessments as (
    select * from {{ ref('stg_ext_early_help_assessments') }}
),

referrals as (
    select * from {{ ref('stg_ext_early_help_referrals') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
)

-- working days run from the referral [G6]; none where it is not known or came later
select
    assessments.eh_assessment_id as assessment_id,
    referrals.eh_referral_id as referral_id,
    assessments.eh_assessment_completed_date as completed_on,
    case
        when referrals.eh_referral_date <= assessments.eh_assessment_start_date
            then start_days.working_day_number - referral_days.working_day_number
    end as working_days_to_start,
    case
        when referrals.eh_referral_date <= assessments.eh_assessment_completed_date
            then completion_days.working_day_number - referral_days.working_day_number
    end as working_days_to_completion
from assessments
left join referrals on assessments.eh_referral_id = referrals.eh_referral_id
left join calendar as referral_days on referrals.eh_referral_date = referral_days.calendar_date
left join calendar as start_days on assessments.eh_assessment_start_date = start_days.calendar_date
left join calendar as completion_days
    on assessments.eh_assessment_completed_date = completion_days.calendar_date
