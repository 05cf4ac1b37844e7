with incidents as (
    select * from {{ ref('int_missing_incidents') }}
)

-- an incident whose child is unknown counts as an incident, not as a child [G9]
select
    started_on as indicator_date,
    person_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator,
    setting,
    in_out_borough
from incidents
where is_away = 0 and person_id is not null
