with audits as (
    select * from {{ ref('stg_ext_practice_audits') }}
)

select
    audit_completed_date as indicator_date,
    audit_id as subject_id,
    case when lower(grade) in ('good', 'outstanding') then 1 else 0 end as numerator,
    1 as denominator
from audits
where moderated_flag = 'Y' -- a grade that no second auditor agreed is nobody's verdict yet
