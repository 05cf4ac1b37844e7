with benchmarks as (
    select * from {{ ref('stg_benchmarks') }}
    where geography_level = 'region' and value is not null
),

authorities as (
    select * from {{ ref('stg_authorities') }}
),

regions as (
    select * from {{ ref('stg_regions') }}
),

-- some statistics know nine regions only: Inner and Outer London then take London's figure
own_or_wider_region as (
    select
        geography_code,
        region_code,
        1 as preference
    from authorities
    union all
    select
        authorities.geography_code,
        regions.region9_code as region_code,
        2 as preference
    from authorities
    inner join regions on authorities.region_code = regions.region_code
    where regions.region9_code <> regions.region_code
),

region_figures as (
    select
        own_or_wider_region.geography_code,
        own_or_wider_region.preference,
        benchmarks.indicator_id,
        benchmarks.period_label,
        benchmarks.year_basis,
        benchmarks.period_start,
        benchmarks.period_end,
        benchmarks.value,
        benchmarks.source_id,
        row_number() over (
            partition by
                own_or_wider_region.geography_code, benchmarks.indicator_id, benchmarks.period_start,
                benchmarks.period_end
            order by own_or_wider_region.preference
        ) as choice
    from own_or_wider_region
    inner join benchmarks on own_or_wider_region.region_code = benchmarks.geography_code
)

select
    geography_code,
    indicator_id,
    period_label || case when preference = 2 then ', London' else '' end as period_label,
    year_basis,
    period_start,
    period_end,
    value,
    source_id
from region_figures
where choice = 1
