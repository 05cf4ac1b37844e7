-- the council's own estimate: the one that came into force last by the day, whatever its year [G19]
with month_ends as (
    select * from {{ ref('int_month_ends') }}
),

populations as (
    select * from {{ ref('stg_ref_population') }}
),

council as (
    select * from {{ ref('int_council') }}
),

in_force as (
    select
        month_ends.month_end,
        populations.population_0_17,
        row_number() over (
            partition by month_ends.month_end
            order by populations.in_force_from desc, populations.mid_year desc
        ) as choice
    from council
    inner join populations on council.la_code = populations.la_code
    inner join month_ends on populations.in_force_from <= month_ends.month_end
)

select
    month_end,
    population_0_17
from in_force
where choice = 1
