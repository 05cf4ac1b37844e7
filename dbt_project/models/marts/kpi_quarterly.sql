with kpi as (
    select * from {{ ref('int_kpi') }}
)

select
    indicator_id,
    geography_code,
    period_type,
    period_start,
    period_end,
    breakdown,
    breakdown_value,
    numerator,
    denominator,
    value,
    status,
    status_reason,
    origin,
    source_note,
    months_expected,
    months_present,
    previous_value,
    previous_change,
    year_ago_value,
    year_ago_change,
    target,
    target_kind,
    tolerance,
    rag,
    rag_reason,
    england_value,
    england_period,
    england_gap,
    region_value,
    region_period,
    region_gap,
    neighbours_value,
    neighbours_period,
    neighbours_gap,
    neighbours_present,
    benchmark_reason
from kpi
where period_type in ('quarter', 'year_to_date')
