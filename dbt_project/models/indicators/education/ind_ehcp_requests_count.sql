with requests as (
    select * from {{ ref('int_ehcp_requests') }}
)

-- those withdrawn later are demand too
select
    requested_on as indicator_date,
    request_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from requests
