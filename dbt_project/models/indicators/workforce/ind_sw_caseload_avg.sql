with caseloads as (
    select * from {{ ref('int_caseloads_at_month_ends') }}
)

-- a child with two workers is a case of each
select
    month_end as indicator_date,
    professional_id as subject_id,
    cases as numerator,
    fte as denominator
from caseloads
