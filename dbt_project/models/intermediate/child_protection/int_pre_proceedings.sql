with numbered as (
    select
        *,
        {{ known_by(
            'pre_proceedings_id',
            'person_id',
            ['pre_proceedings_start_date', 'letter_sent_date', 'decision_date']
        ) }} as known_by
    from {{ ref('stg_ext_pre_proceedings') }}
)

-- two numbers for one child and the same days are one time in them, known by the smaller number
select
    pre_proceedings_id,
    pre_proceedings_start_date as started_on,
    letter_sent_date as letter_sent_on,
    decision_date as decided_on,
    fgdm_offered
from numbered
where pre_proceedings_id = known_by
