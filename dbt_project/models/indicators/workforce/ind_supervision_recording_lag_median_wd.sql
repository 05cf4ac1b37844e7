with supervisions as (
    select * from {{ ref('stg_ext_supervision') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
)

-- recorded after the last day of the delivery is not recorded yet [G2]
select
    supervisions.supervision_date as indicator_date,
    supervisions.supervision_id as subject_id,
    recorded_day.working_day_number - held_day.working_day_number as numerator,
    1 as denominator
from supervisions
inner join calendar as held_day on supervisions.supervision_date = held_day.calendar_date
inner join calendar as recorded_day on supervisions.recorded_date = recorded_day.calendar_date
where
    supervisions.recorded_date between supervisions.supervision_date and supervisions.as_at
