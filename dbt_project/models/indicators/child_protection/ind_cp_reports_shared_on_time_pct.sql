with reports as (
    select * from {{ ref('int_sw_reports') }}
    where meeting_type in ('ICPC', 'RCPC')
),

calendar as (
    select * from {{ ref('int_calendar') }}
)

-- not shared, or shared after the meeting, is late
select
    reports.meeting_date as indicator_date,
    reports.report_id as subject_id,
    case
        when
            held.working_day_number - shared.working_day_number
            >= case reports.meeting_type
                when 'ICPC' then {{ limit('report_lead_wd_icpc') }}
                else {{ limit('report_lead_wd_rcpc') }}
            end
            then 1
        else 0
    end as numerator,
    1 as denominator,
    coalesce(reports.dual_plan_flag, 'not recorded') as dual_plan
from reports
inner join calendar as held on reports.meeting_date = held.calendar_date
left join calendar as shared on reports.shared_date = shared.calendar_date
