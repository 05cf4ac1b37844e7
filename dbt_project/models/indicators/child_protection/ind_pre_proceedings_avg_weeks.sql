-- two numbers for one child and the same days are one time in them, known by the smaller number
with numbered as (
    select
        *,
        {{ known_by(
            'pre_proceedings_id',
            'person_id',
            ['pre_proceedings_start_date', 'letter_sent_date', 'decision_date']
        ) }} as known_by
    from {{ ref('stg_ext_pre_proceedings') }}
),

pre_proceedings as (
    select * from numbered
    where pre_proceedings_id = known_by
),

calendar as (
    select * from {{ ref('int_calendar') }}
)

select
    pre_proceedings.decision_date as indicator_date,
    pre_proceedings.pre_proceedings_id as subject_id,
    {{ weeks('decided.day_number - begun.day_number') }} as numerator,
    1 as denominator
from pre_proceedings
inner join calendar as begun on pre_proceedings.pre_proceedings_start_date = begun.calendar_date
inner join calendar as decided on pre_proceedings.decision_date = decided.calendar_date
where decided.day_number >= begun.day_number
