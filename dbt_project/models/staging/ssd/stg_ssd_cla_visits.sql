-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cla_visits') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cla_visits' and is_newest
)

select
    delivered.clav_cla_visit_id,
    delivered.clav_person_id,
    delivered.clav_cla_id,
    delivered.clav_cla_visit_date,
    delivered.clav_cla_visit_seen,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
