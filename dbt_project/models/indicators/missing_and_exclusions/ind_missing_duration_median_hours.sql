with incidents as (
    select * from {{ ref('int_missing_incidents') }}
)

-- hours are there only where both times were kept to the minute
select
    returned_on as indicator_date,
    missing_id as subject_id,
    hours as numerator,
    1 as denominator,
    setting,
    in_out_borough,
    duration_band
from incidents
where is_away = 0 and hours is not null
