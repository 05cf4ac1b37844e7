with pre_proceedings as (
    select * from {{ ref('int_pre_proceedings') }}
)

select
    letter_sent_on as indicator_date,
    pre_proceedings_id as subject_id,
    case when fgdm_offered = 'Y' then 1 else 0 end as numerator,
    1 as denominator
from pre_proceedings
where letter_sent_on is not null
