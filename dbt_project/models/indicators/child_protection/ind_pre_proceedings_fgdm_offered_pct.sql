with pre_proceedings as (
    select * from {{ ref('stg_ext_pre_proceedings') }}
)

select
    letter_sent_date as indicator_date,
    pre_proceedings_id as subject_id,
    case when fgdm_offered = 'Y' then 1 else 0 end as numerator,
    1 as denominator
from pre_proceedings
where letter_sent_date is not null
