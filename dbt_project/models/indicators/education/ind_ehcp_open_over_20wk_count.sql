with requests as (
    select * from {{ ref('int_ehcp_requests') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
)

select
    month_ends.month_end as indicator_date,
    requests.request_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from requests
inner join calendar on requests.requested_on = calendar.calendar_date
inner join month_ends
    on
        calendar.day_number + {{ limit('ehcp_limit_days') }} < month_ends.day_number
        and requests.open_until > month_ends.month_end
