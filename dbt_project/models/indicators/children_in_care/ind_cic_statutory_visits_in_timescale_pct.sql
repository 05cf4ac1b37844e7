with due_dates as (
    select * from {{ ref('int_care_visit_due_dates') }}
)

select
    due_on as indicator_date,
    person_id as subject_id,
    is_made as numerator,
    1 as denominator
from due_dates
