with neighbours as (
    select * from {{ source('reference', 'statistical_neighbours') }}
),

models as (
    select * from {{ source('reference', 'neighbour_models') }}
)

select
    neighbours.neighbour_model,
    neighbours.geography_code,
    neighbours.neighbour_rank,
    neighbours.neighbour_code,
    models.valid_from,
    coalesce(models.valid_to, date '9999-12-31') as valid_until
from neighbours
inner join models on neighbours.neighbour_model = models.neighbour_model
