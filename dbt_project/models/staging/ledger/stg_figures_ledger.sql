with recorded as (
    select * from {{ source('ledger', 'figures_ledger') }}
)

select
    *,
    row_number() over (
        partition by
            indicator_id, geography_code, period_type, period_start, period_end, breakdown, breakdown_value
        order by record_no desc
    ) = 1 as is_newest
from recorded
