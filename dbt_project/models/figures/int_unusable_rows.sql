-- Indicators whose rows were delivered and say nothing. A return that lacks something would give a
-- figure, and a wrong one; of extracts that can stand in for each other one that was delivered as
-- such is enough. And a column that it needs may never have been filled.
with needs as (
    select * from {{ ref('stg_indicator_needs') }}
),

deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
),

returns_in_use as (
    select * from {{ source('deliveries', 'returns_in_use') }}
),

delivered as (
    select
        needs.indicator_id,
        needs.need_no,
        case
            when deliveries.origin is null or others.extract_name is null then null
            when named.indicator_id is not null then named.why_not
            else others.why_not
        end as why_not
    from needs
    inner join deliveries
        on
            needs.extract_name = deliveries.extract_name
            and deliveries.is_newest
            and deliveries.delivery_month is not null
    left join returns_in_use as named
        on needs.extract_name = named.extract_name and needs.indicator_id = named.indicator_id
    left join returns_in_use as others
        on needs.extract_name = others.extract_name and others.indicator_id is null
),

lacking as (
    select
        indicator_id,
        need_no,
        min(why_not) as why_not
    from delivered
    group by indicator_id, need_no
    having count(*) = count(why_not)
),

-- a dateless extract may have been filled in another month
never_filled as (
    select
        unfilled.indicator_id,
        unfilled.why_unfilled
    from {{ ref('int_unfilled_columns') }} as unfilled
    left join {{ ref('int_delivered_days') }} as delivered_days
        on unfilled.indicator_id = delivered_days.indicator_id
    where delivered_days.indicator_id is null
),

reasons as (
    select
        indicator_id,
        1 as reason_no,
        why_not
    from lacking
    union all
    select
        indicator_id,
        2 as reason_no,
        why_unfilled as why_not
    from never_filled
)

select
    indicator_id,
    coalesce(
        min(case when reason_no = 1 then why_not end), min(why_not)
    ) as why_not
from reasons
group by indicator_id
