with deliveries as (
    select * from {{ source('deliveries', 'indicator_returns') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

areas as (
    select * from {{ ref('stg_area_codes') }}
),

-- an authority is one and the same under all its codes; of two of the same month today's stands
newest_word as (
    select
        deliveries.indicator_id,
        areas.geography_code,
        deliveries.period_type,
        deliveries.period_start,
        deliveries.period_end,
        deliveries.numerator,
        deliveries.denominator,
        deliveries.value,
        deliveries.source_note,
        deliveries.delivery_month,
        row_number() over (
            partition by
                deliveries.indicator_id, areas.geography_code, deliveries.period_type,
                deliveries.period_start, deliveries.period_end
            order by
                deliveries.delivery_month desc,
                case when deliveries.geography_code = areas.geography_code then 0 else 1 end,
                deliveries.geography_code desc
        ) as newest_first
    from deliveries
    inner join areas on deliveries.geography_code = areas.any_code
),

-- a count is its own numerator; people send the population of a rate in persons
parts as (
    select
        newest_word.indicator_id,
        newest_word.geography_code,
        newest_word.period_start,
        newest_word.period_end,
        newest_word.value,
        newest_word.source_note,
        newest_word.delivery_month,
        indicators.unit,
        case
            when newest_word.period_type = 'year' then indicators.year_basis || '_year'
            else newest_word.period_type
        end as period_type,
        case
            when indicators.unit = 'count' then coalesce(newest_word.numerator, newest_word.value)
            else newest_word.numerator
        end as numerator,
        case
            when indicators.unit = 'rate_per_10k' then newest_word.denominator / 10000
            else newest_word.denominator
        end as denominator
    from newest_word
    inner join indicators on newest_word.indicator_id = indicators.indicator_id
    where newest_word.newest_first = 1
)

select
    indicator_id,
    geography_code,
    period_type,
    period_start,
    period_end,
    cast(numerator as decimal(18, 6)) as numerator,
    cast(denominator as decimal(18, 6)) as denominator,
    cast(value as decimal(18, 6)) as value,
    source_note,
    delivery_month
from parts
