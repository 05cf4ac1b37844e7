with deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
    where is_newest
),

returns_in_use as (
    select * from {{ source('deliveries', 'returns_in_use') }}
),

-- what the catalogue says an indicator cannot do without; of alternatives the first that came
needs as (
    select * from {{ ref('stg_indicator_needs') }}
),

met_needs as (
    select
        needs.indicator_id,
        needs.need_no,
        needs.extract_name,
        deliveries.delivery_month is not null as is_delivered,
        deliveries.as_at,
        deliveries.data_from,
        deliveries.refused_code,
        coalesce(returns_in_use.is_of_last_day, false) as is_of_last_day,
        row_number() over (
            partition by needs.indicator_id, needs.need_no
            order by case when deliveries.delivery_month is null then 1 else 0 end, needs.choice
        ) as preference
    from needs
    inner join deliveries on needs.extract_name = deliveries.extract_name
    left join returns_in_use
        on
            needs.extract_name = returns_in_use.extract_name
            and needs.indicator_id = returns_in_use.indicator_id
),

-- figures reach as far as the oldest of the extracts, and back to where the last of them is complete;
-- of some returns the last day alone is known
reach as (
    select
        indicator_id,
        min(case when is_delivered then 1 else 0 end) = 1 as is_delivered,
        min(case when not is_delivered then extract_name end) as missing_extract,
        min(case when not is_delivered then refused_code end) as missing_code,
        min(as_at) as as_at,
        max(data_from) as data_from,
        max(case when is_of_last_day then as_at end) as first_known_day
    from met_needs
    where preference = 1
    group by indicator_id
),

oldest_extract as (
    select
        reach.indicator_id,
        min(met_needs.extract_name) as oldest_extract,
        min(met_needs.refused_code) as newer_code
    from reach
    inner join met_needs on reach.indicator_id = met_needs.indicator_id and reach.as_at = met_needs.as_at
    where met_needs.preference = 1
    group by reach.indicator_id
)

select
    reach.indicator_id,
    reach.is_delivered,
    reach.missing_extract,
    case when reach.is_delivered then oldest_extract.newer_code else reach.missing_code end as refused_code,
    oldest_extract.oldest_extract,
    reach.as_at,
    reach.data_from,
    reach.first_known_day
from reach
left join oldest_extract on reach.indicator_id = oldest_extract.indicator_id
