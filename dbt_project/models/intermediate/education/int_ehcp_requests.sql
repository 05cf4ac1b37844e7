with delivered as (
    select * from {{ ref('stg_ssd_ehcp_requests') }}
),

numbers as (
    select * from {{ ref('int_ehcp_request_numbers') }}
),

assessments as (
    select * from {{ ref('stg_ssd_ehcp_assessment') }}
),

-- a historical request is never one of this council's
requests as (
    select
        delivered.*,
        numbers.request_id
    from delivered
    inner join numbers on delivered.ehcr_ehcp_request_id = numbers.any_request_id
    where delivered.ehcr_ehcp_req_outcome <> 'H'
),

-- refused or withdrawn without a date: closed from the day of receipt
closed_by_request as (
    select
        request_id,
        coalesce(ehcr_ehcp_req_outcome_date, ehcr_ehcp_req_date) as closed_on
    from requests
    where ehcr_ehcp_req_outcome in ('N', 'W')
),

-- the same for an assessment withdrawn or historical; a plan or a refusal needs its date
closed_by_assessment as (
    select
        requests.request_id,
        case
            when assessments.ehca_ehcp_assessment_outcome in ('Y', 'N')
                then assessments.ehca_ehcp_assessment_outcome_date
            else coalesce(assessments.ehca_ehcp_assessment_outcome_date, requests.ehcr_ehcp_req_date)
        end as closed_on
    from requests
    inner join assessments on requests.ehcr_ehcp_request_id = assessments.ehca_ehcp_request_id
    where assessments.ehca_ehcp_assessment_outcome in ('Y', 'N', 'W', 'H')
),

first_closed as (
    select
        request_id,
        min(closed_on) as closed_on
    from (
        select * from closed_by_request
        union all
        select * from closed_by_assessment
    ) as closings
    group by request_id
)

select
    requests.request_id,
    requests.ehcr_ehcp_req_date as requested_on,
    {{ open_until(['first_closed.closed_on']) }} as open_until
from requests
left join first_closed on requests.request_id = first_closed.request_id
where requests.ehcr_ehcp_request_id = requests.request_id
