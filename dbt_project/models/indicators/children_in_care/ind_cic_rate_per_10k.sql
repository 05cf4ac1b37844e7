with cohort as (
    select * from {{ ref('int_care_cohort') }}
),

populations as (
    select * from {{ ref('int_population_in_force') }}
)

select
    month_end as indicator_date,
    person_id as subject_id,
    1 as numerator,
    cast(null as decimal(18, 6)) as denominator
from cohort
union all
select
    month_end as indicator_date,
    cast(null as varchar(100)) as subject_id,
    0 as numerator,
    cast(population_0_17 as decimal(18, 6)) / 10000 as denominator
from populations
