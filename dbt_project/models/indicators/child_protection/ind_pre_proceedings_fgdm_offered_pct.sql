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
)

select
    letter_sent_date as indicator_date,
    pre_proceedings_id as subject_id,
    case when fgdm_offered = 'Y' then 1 else 0 end as numerator,
    1 as denominator
from pre_proceedings
where letter_sent_date is not null
