-- what members are to look at first: areas by what speaks for each; publications show the first five
with grounds as (
    select * from {{ ref('int_improvement_grounds') }}
),

counted as (
    select
        *,
        cast(is_below_target as integer) as below_target,
        cast(is_below_target and target_certainty <> 'could_be_chance' as integer) as surely_below_target,
        cast(is_worse_than_last_year as integer) as worse_than_last_year,
        cast(is_worse_than_benchmarks as integer) as worse_than_benchmarks,
        cast(is_recalled or is_added as integer) as decided
    from grounds
),

-- what people decided comes first; then the area that most speaks for, the surest and the furthest off
areas as (
    select
        as_at,
        geography_code,
        area,
        row_number() over (
            partition by as_at, geography_code
            order by
                max(decided) desc,
                max(below_target) + max(worse_than_last_year) + max(worse_than_benchmarks) desc,
                max(surely_below_target) desc,
                count(*) desc,
                max(coalesce(tolerances_short, 0)) desc,
                min(catalogue_order)
        ) as area_rank
    from counted
    group by as_at, geography_code, area
)

select
    counted.as_at,
    counted.geography_code,
    cast(areas.area_rank as bigint) as area_rank,
    counted.area,
    counted.indicator_id,
    counted.is_below_target,
    counted.is_worse_than_last_year,
    cast(counted.last_year_value as decimal(18, 6)) as last_year_value,
    counted.last_year_start,
    counted.is_worse_than_benchmarks,
    counted.is_recalled,
    counted.is_added,
    counted.decision_reason,
    counted.surely_below_target = 1 as is_surely_below_target,
    cast(counted.tolerances_short as decimal(18, 6)) as tolerances_short
from counted
inner join areas
    on
        counted.as_at = areas.as_at
        and counted.geography_code = areas.geography_code
        and counted.area = areas.area
