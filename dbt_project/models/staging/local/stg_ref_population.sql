-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ref_population') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ref_population' and is_newest
)

select
    delivered.la_code,
    delivered.mid_year,
    delivered.population_0_17,
    delivered.in_force_from,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
