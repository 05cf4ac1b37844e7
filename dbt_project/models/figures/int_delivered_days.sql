-- the days that a dateless extract speaks for [G20], each by a delivery of its own that was filled
with deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
),

unfilled as (
    select * from {{ ref('int_unfilled_columns') }}
),

needs as (
    select * from {{ ref('stg_indicator_needs') }}
    where need_no = 1 and choice = 1
),

dateless as (
    select
        needs.indicator_id,
        deliveries.as_at
    from needs
    inner join {{ ref('stg_indicators') }} as indicators on needs.indicator_id = indicators.indicator_id
    inner join deliveries on needs.extract_name = deliveries.extract_name
    where indicators.months_rule = 'delivered' and deliveries.delivery_month is not null
)

select
    dateless.indicator_id,
    dateless.as_at
from dateless
left join unfilled
    on
        dateless.indicator_id = unfilled.indicator_id
        and dateless.as_at = unfilled.as_at
where unfilled.indicator_id is null
