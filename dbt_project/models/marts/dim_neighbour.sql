with neighbours as (
    select * from {{ ref('stg_neighbours') }}
)

select
    geography_code,
    neighbour_code,
    neighbour_model,
    cast(neighbour_rank as integer) as neighbour_rank,
    valid_from,
    valid_until
from neighbours
