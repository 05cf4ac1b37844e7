with shares as (
    select * from {{ ref('int_pool_shares') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

added as (
    select
        area_code,
        pooled_id,
        indicator_id,
        period_type,
        period_start,
        period_end,
        breakdown,
        breakdown_value,
        count(case when state = 'counted' then 1 end) as councils_counted,
        {% for state in ('missing', 'withheld', 'without_numbers', 'outside') %}
        -- most councils are counted: a filter spares the sorting of empty texts
        {{ joined_texts('geography_code', '; ', 'geography_code') }} filter (where state = '{{ state }}')
            as councils_{{ state }},
        {% endfor %}
        count(distinct case when state = 'counted' then made_of end) as definitions_counted,
        max(case when state = 'counted' and is_provisional then 1 else 0 end) = 1 as is_provisional,
        sum(case when state = 'counted' then numerator end) as numerator,
        sum(case when state = 'counted' then denominator end) as denominator
    from shares
    group by
        area_code, pooled_id, indicator_id, period_type, period_start, period_end, breakdown, breakdown_value
),

-- a median of medians is none; a sum that lacks what a council withholds would look like all there is
judged as (
    select
        added.*,
        indicators.unit,
        case
            when indicators.time_basis = 'period_median' then 'not_additive'
            when added.councils_withheld is not null then 'withheld'
            when added.councils_counted = 0 then 'no_data'
            when indicators.unit <> 'count' and added.denominator = 0 then 'no_cases'
            else 'ok'
        end as status
    from added
    inner join indicators on added.indicator_id = indicators.indicator_id
)

select
    pooled_id,
    area_code,
    indicator_id,
    period_type,
    period_start,
    period_end,
    breakdown,
    breakdown_value,
    cast(case when status in ('ok', 'no_cases') then numerator end as decimal(18, 6)) as numerator,
    cast(
        case when status in ('ok', 'no_cases') and unit <> 'count' then denominator end as decimal(18, 6)
    ) as denominator,
    cast(
        case when status = 'ok' then {{ indicator_value('unit', 'numerator', 'denominator') }} end
        as decimal(18, 6)
    ) as value,
    is_provisional,
    status,
    cast(councils_counted as bigint) as councils_counted,
    councils_missing,
    councils_withheld,
    councils_without_numbers,
    councils_outside,
    cast(definitions_counted as bigint) as definitions_counted
from judged
