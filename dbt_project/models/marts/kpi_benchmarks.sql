with comparators as (
    select * from {{ ref('int_comparators') }}
)

select
    indicator_id,
    geography_code,
    comparator,
    neighbour_model,
    period_label,
    year_basis,
    period_start,
    period_end,
    cast(value as decimal(18, 6)) as value,
    cast(areas_present as bigint) as areas_present,
    areas_left_out,
    source_id
from comparators
