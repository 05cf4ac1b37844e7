with benchmark_reasons as (
    select * from {{ source('reference', 'benchmark_reasons') }}
)

select
    indicator_id,
    benchmark_none_reason
from benchmark_reasons
