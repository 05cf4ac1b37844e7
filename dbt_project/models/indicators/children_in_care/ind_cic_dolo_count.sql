with cohort as (
    select * from {{ ref('int_care_cohort') }}
),

orders as (
    select * from {{ ref('stg_ext_dolo') }}
)

select distinct
    cohort.month_end as indicator_date,
    cohort.person_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from cohort
inner join orders
    on
        cohort.person_id = orders.person_id
        and cohort.month_end >= orders.dolo_start_date
        and cohort.month_end < {{ open_until(['orders.dolo_end_date']) }}
