with pre_proceedings as (
    select * from {{ ref('int_pre_proceedings') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
)

select
    pre_proceedings.decided_on as indicator_date,
    pre_proceedings.pre_proceedings_id as subject_id,
    {{ weeks('decided.day_number - begun.day_number') }} as numerator,
    1 as denominator
from pre_proceedings
inner join calendar as begun on pre_proceedings.started_on = begun.calendar_date
inner join calendar as decided on pre_proceedings.decided_on = decided.calendar_date
where decided.day_number >= begun.day_number
