with returned as (
    select * from {{ ref('int_returned_figures') }}
),

row_series as (
    select * from {{ ref('int_series') }}
),

remembered as (
    select * from {{ ref('int_remembered_figures') }}
),

-- an indicator is expected of an area from the area's first figure on; of the council whose rows
-- are delivered every indicator that comes from rows
starts as (
    select
        indicator_id,
        geography_code,
        period_start as series_start,
        case when period_type = 'month' then 1 else 0 end as sent_by_month
    from returned
    union all
    select
        indicator_id,
        geography_code,
        series_start,
        1 as sent_by_month
    from row_series
    union all
    select
        indicator_id,
        geography_code,
        period_start as series_start,
        1 as sent_by_month
    from remembered
)

select
    indicator_id,
    geography_code,
    min(series_start) as series_start,
    max(sent_by_month) as sent_by_month
from starts
group by indicator_id, geography_code
