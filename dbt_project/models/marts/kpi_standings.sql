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
        rank() over (partition by indicator_id, period_start, period_end order by placed_by) as standing
    from official_figures
),

spreads as (
    select
        indicator_id,
        period_start,
        period_end,
        count(*) as authorities,
        min(value) as lowest,
        percentile_cont(0.25) within group (order by value) as lower_quartile,
        percentile_cont(0.5) within group (order by value) as middle,
        percentile_cont(0.75) within group (order by value) as upper_quartile,
        max(value) as highest
    from official_figures
    group by indicator_id, period_start, period_end
)

select
    ranked.indicator_id,
    ranked.geography_code,
    ranked.period_label,
    ranked.year_basis,
    ranked.period_start,
    ranked.period_end,
    cast(ranked.value as decimal(18, 6)) as value,
    cast(ranked.standing as integer) as standing,
    cast(spreads.authorities as integer) as authorities,
    cast(1 + floor((ranked.standing - 1) * 4.0 / spreads.authorities) as integer) as quarter_of_all,
    cast(spreads.lowest as decimal(18, 6)) as lowest,
    cast(spreads.lower_quartile as decimal(18, 6)) as lower_quartile,
    cast(spreads.middle as decimal(18, 6)) as middle,
    cast(spreads.upper_quartile as decimal(18, 6)) as upper_quartile,
    cast(spreads.highest as decimal(18, 6)) as highest,
    ranked.source_id
from ranked
inner join spreads
    on
        ranked.indicator_id = spreads.indicator_id
        and ranked.period_start = spreads.period_start
        and ranked.period_end = spreads.period_end
