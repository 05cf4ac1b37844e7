-- one row per figure's area, indicator and last day: the newest benchmark of each kind that had
-- ended by then, each with its own period
with days as (
    select distinct
        index_rows.indicator_id,
        index_rows.geography_code,
        index_rows.period_end
    from {{ ref('int_index') }} as index_rows
    inner join {{ ref('stg_indicators') }} as indicators on index_rows.indicator_id = indicators.indicator_id
    where indicators.unit <> 'count'
    union distinct
    select
        indicators.indicator_id,
        editions.geography_code,
        editions.as_at as period_end
    from {{ ref('int_editions') }} as editions
    cross join {{ ref('stg_indicators') }} as indicators
    where indicators.unit <> 'count'
),

comparators as (
    select * from {{ ref('int_comparators') }}
)

select
    days.indicator_id,
    days.geography_code,
    days.period_end,
    max(case when comparators.comparator = 'england' then comparators.value end) as england_value,
    max(case when comparators.comparator = 'england' then comparators.period_label end) as england_period,
    max(case when comparators.comparator = 'region' then comparators.value end) as region_value,
    max(case when comparators.comparator = 'region' then comparators.period_label end) as region_period,
    max(
        case when comparators.comparator = 'statistical_neighbours' then comparators.value end
    ) as neighbours_value,
    max(
        case when comparators.comparator = 'statistical_neighbours' then comparators.period_label end
    ) as neighbours_period,
    max(
        case when comparators.comparator = 'statistical_neighbours' then comparators.areas_present end
    ) as neighbours_present,
    max(
        case when comparators.comparator = 'statistical_neighbours' then comparators.areas_left_out end
    ) as neighbours_left_out
from days
inner join comparators
    on
        days.indicator_id = comparators.indicator_id
        and days.geography_code = comparators.geography_code
        and days.period_end >= comparators.stands_from
        and days.period_end < comparators.stands_until
        and days.period_end >= comparators.valid_from
        and days.period_end <= comparators.valid_until
group by days.indicator_id, days.geography_code, days.period_end
