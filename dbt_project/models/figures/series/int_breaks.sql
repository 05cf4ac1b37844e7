with dashboard_names as (
    select * from {{ ref('stg_dashboard_names') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
)

select
    indicators.indicator_id,
    dashboard_names.geography_code,
    dashboard_names.from_month,
    dashboard_names.until_month,
    dashboard_names.note as reason,
    dashboard_names.no_benchmark_reason
from dashboard_names
inner join indicators on dashboard_names.dashboard_no = indicators.dashboard_no
