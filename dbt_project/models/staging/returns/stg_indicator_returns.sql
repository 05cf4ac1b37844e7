with deliveries as (
    select * from {{ source('deliveries', 'indicator_returns') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

newest_word as (
    select
        *,
        row_number() over (
            partition by indicator_id, geography_code, period_type, period_start
            order by delivery_month desc
        ) as newest_first
    from deliveries
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
            when newest_word.period_type <> 'year' then newest_word.period_type
            else indicators.year_basis || '_year'
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
