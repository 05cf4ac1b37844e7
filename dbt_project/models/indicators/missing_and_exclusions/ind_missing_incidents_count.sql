with incidents as (
    select * from {{ ref('int_missing_incidents') }}
)

select
    started_on as indicator_date,
    missing_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator,
    setting,
    in_out_borough,
    duration_band
from incidents
where is_away = 0
