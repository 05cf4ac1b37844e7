-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cla_reviews') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cla_reviews' and is_newest
)

select
    delivered.clar_cla_review_id,
    delivered.clar_cla_id,
    delivered.clar_cla_review_due_date,
    delivered.clar_cla_review_date,
    delivered.clar_cla_review_cancelled,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
