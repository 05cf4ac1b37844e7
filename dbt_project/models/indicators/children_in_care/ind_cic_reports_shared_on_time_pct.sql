with reports as (
    select * from {{ ref('int_sw_reports') }}
    where meeting_type = 'CIC_REVIEW'
),

calendar as (
    select * from {{ ref('int_calendar') }}
)

-- [G6]; not shared, or shared after the meeting, is late
select
    reports.meeting_date as indicator_date,
    reports.report_id as subject_id,
    case
        when
            reports.shared_date <= reports.meeting_date
            and meeting_days.working_day_number - shared_days.working_day_number
            >= {{ limit('report_lead_wd_cic') }}
            then 1
        else 0
    end as numerator,
    1 as denominator,
    coalesce(reports.dual_plan_flag, 'not recorded') as dual_plan
from reports
left join calendar as meeting_days on reports.meeting_date = meeting_days.calendar_date
left join calendar as shared_days on reports.shared_date = shared_days.calendar_date
