-- two numbers for one child and the same days are one request, known by the smaller number
with requests as (
    select * from {{ ref('stg_ssd_ehcp_requests') }}
)

select
    ehcr_ehcp_request_id as any_request_id,
    {{ known_by(
        'ehcr_ehcp_request_id',
        'ehcr_send_table_id',
        ['ehcr_ehcp_req_date', 'ehcr_ehcp_req_outcome', 'ehcr_ehcp_req_outcome_date']
    ) }} as request_id
from requests
