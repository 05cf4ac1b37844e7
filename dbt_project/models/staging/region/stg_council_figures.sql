with figures as (
    select * from {{ source('region', 'council_figures') }}
)

select
    *,
    {{ figure_id(
        'indicator_id', 'geography_code', 'period_id', 'breakdown', 'breakdown_value'
    ) }} as figure_id,
    {{ pooled_id('indicator_id', 'period_id', 'breakdown', 'breakdown_value') }} as pooled_id
from figures
