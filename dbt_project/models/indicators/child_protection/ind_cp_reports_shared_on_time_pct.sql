-- two numbers for one child and the same days are one report, known by the smaller number
with numbered as (
    select
        *,
        {{ known_by(
            'report_id', 'person_id', ['meeting_type', 'meeting_date', 'shared_date', 'not_required_flag']
        ) }} as known_by
    from {{ ref('stg_ext_sw_reports') }}
    where meeting_type in ('ICPC', 'RCPC') and not_required_flag is distinct from 'Y'
),

reports as (
    select * from numbered
    where report_id = known_by
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
