with from_log as (
    select * from {{ ref('int_logged_incidents') }}
),

from_case_system as (
    select * from {{ ref('int_case_system_incidents') }}
),

incidents as (
    select * from from_log
    union all
    select * from from_case_system
)

select
    missing_id,
    source_extract,
    person_id,
    is_away,
    started_on,
    returned_on,
    hours,
    setting,
    in_out_borough,
    case
        when returned_on is null then 'still missing'
        when hours is null then 'not timed'
        when hours < 6 then 'under 6h'
        when hours < 24 then '6-24h'
        when hours <= 72 then '1-3 days'
        else 'over 3 days'
    end as duration_band
from incidents
