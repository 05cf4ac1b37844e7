with benchmarks as (
    select * from {{ source('reference', 'benchmarks') }}
)

select
    indicator_id,
    geography_level,
    geography_code,
    year_basis,
    period_start,
    period_end,
    numerator,
    denominator,
    value,
    source_id,
    scope,
    period_label
    || case when year_basis in ('financial year', 'calendar year') then ' ' || year_basis else '' end
    || case when scope = 'age=19-21' then ', aged 19 to 21' else '' end
    || case when scope = 'setting=care' then ', missing from care only' else '' end as period_label
from benchmarks
