with dashboard_names as (
    select * from {{ source('reference', 'dashboard_names') }}
)

select
    geography_code,
    dashboard_no,
    from_month,
    dashboard,
    note,
    no_benchmark_reason,
    coalesce(
        lead(from_month) over (partition by geography_code, dashboard_no order by from_month),
        date '9999-12-31'
    ) as until_month
from dashboard_names
