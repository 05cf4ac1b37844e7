-- ln(n!) for exact probabilities of small counts
with numbers as (
    select day_number as n
    from {{ ref('int_calendar') }}
)

select
    n,
    sum(ln(cast(case when n = 0 then 1 else n end as {{ double() }}))) over (order by n) as log_factorial
from numbers
