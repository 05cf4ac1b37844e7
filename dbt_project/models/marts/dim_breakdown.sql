with breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
),

labels as (
    select * from {{ ref('stg_breakdown_labels') }}
    where part is null
)

select
    breakdowns.indicator_id,
    breakdowns.breakdown,
    breakdowns.share_of,
    breakdowns.rest_text,
    breakdowns.compared_value,
    labels.label as breakdown_label
from breakdowns
left join labels on breakdowns.breakdown = labels.breakdown
