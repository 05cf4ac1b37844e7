with poisson_limits as (
    select * from {{ source('reference', 'poisson_limits') }}
)

select
    events,
    lower_95,
    upper_95,
    lower_998,
    upper_998
from poisson_limits
