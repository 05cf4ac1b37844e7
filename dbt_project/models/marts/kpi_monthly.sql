with kpi as (
    select * from {{ ref('int_kpi') }}
)

select
    {{ columns_of_the_figure() }},
    {{ columns_beside_the_figure() }}
from kpi
where period_type = 'month'
