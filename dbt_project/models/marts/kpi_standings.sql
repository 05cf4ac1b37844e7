with benchmarks as (
    select * from {{ ref('stg_benchmarks') }}
    where geography_level = 'local_authority'
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

-- counts depend on the size of the area: no authority stands before another by them
official_figures as (
    select
        benchmarks.*,
        case indicators.polarity when 'lower' then benchmarks.value else -benchmarks.value end as placed_by
    from benchmarks
    inner join indicators on benchmarks.indicator_id = indicators.indicator_id
    where indicators.unit <> 'count'
),

ranked as (
    select
        *,
        rank() over (in_period order by placed_by) as standing,
        count(*) over in_period as authorities,
        min(value) over in_period as lowest,
        quantile_cont(value, 0.25) over in_period as lower_quartile,
        median(value) over in_period as middle,
        quantile_cont(value, 0.75) over in_period as upper_quartile,
        max(value) over in_period as highest
    from official_figures
    window in_period as (partition by indicator_id, period_start, period_end)
)

select
    indicator_id,
    geography_code,
    period_label,
    year_basis,
    period_start,
    period_end,
    cast(value as decimal(18, 6)) as value,
    cast(standing as integer) as standing,
    cast(authorities as integer) as authorities,
    cast(1 + (standing - 1) * 4 // authorities as integer) as quarter_of_all,
    cast(lowest as decimal(18, 6)) as lowest,
    cast(lower_quartile as decimal(18, 6)) as lower_quartile,
    cast(middle as decimal(18, 6)) as middle,
    cast(upper_quartile as decimal(18, 6)) as upper_quartile,
    cast(highest as decimal(18, 6)) as highest,
    source_id
from ranked
