with assessments as (
    select * from {{ ref('stg_ssd_ehcp_assessment') }}
    where ehca_ehcp_assessment_outcome = 'Y'
),

requests as (
    select * from {{ ref('stg_ssd_ehcp_requests') }}
),

numbers as (
    select * from {{ ref('int_ehcp_request_numbers') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- a plan whose request is not known is still a new plan; a historical one is not; two numbers for the
-- plan of one request and the same day are one, known by the smaller number
issued as (
    select
        min(assessments.ehca_ehcp_assessment_id) as assessment_id,
        assessments.ehca_ehcp_assessment_outcome_date as issued_on,
        requests.ehcr_ehcp_req_date as requested_on,
        case when assessments.ehca_ehcp_assessment_exceptions = '1' then 1 else 0 end as is_excepted
    from assessments
    left join numbers on assessments.ehca_ehcp_request_id = numbers.any_request_id
    left join requests on assessments.ehca_ehcp_request_id = requests.ehcr_ehcp_request_id
    where
        assessments.ehca_ehcp_assessment_outcome_date is not null
        and coalesce(requests.ehcr_ehcp_req_outcome, 'unknown') <> 'H'
    group by
        coalesce(numbers.request_id, assessments.ehca_ehcp_assessment_id),
        assessments.ehca_ehcp_assessment_outcome_date,
        case when assessments.ehca_ehcp_assessment_exceptions = '1' then 1 else 0 end,
        requests.ehcr_ehcp_req_date
)

select
    issued.assessment_id,
    issued.issued_on,
    issued.is_excepted,
    issue_days.day_number - request_days.day_number as calendar_days
from issued
left join calendar as issue_days on issued.issued_on = issue_days.calendar_date
left join calendar as request_days on issued.requested_on = request_days.calendar_date
