with benchmarks as (
    select * from {{ ref('stg_benchmarks') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

authorities as (
    select * from {{ ref('authorities') }}
),

regions as (
    select * from {{ ref('regions') }}
),

neighbours as (
    select * from {{ ref('stg_neighbours') }}
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
    inner join benchmarks
        on
            own_or_wider_region.region_code = benchmarks.geography_code
            and benchmarks.geography_level = 'region'
    where benchmarks.value is not null
),

neighbour_means as (
    select
        neighbours.geography_code,
        neighbours.neighbour_model,
        neighbours.valid_from,
        neighbours.valid_until,
        benchmarks.indicator_id,
        benchmarks.period_label,
        benchmarks.year_basis,
        benchmarks.period_start,
        benchmarks.period_end,
        count(*) as areas_present,
        avg(benchmarks.value) as mean_value,
        min(benchmarks.source_id) as source_id
    from neighbours
    inner join benchmarks on neighbours.neighbour_code = benchmarks.geography_code
    inner join indicators on benchmarks.indicator_id = indicators.indicator_id
    where
        benchmarks.geography_level = 'local_authority'
        and benchmarks.value is not null
        -- counts depend on the size of the area: never averaged over neighbours
        and indicators.unit <> 'count'
    group by
        neighbours.geography_code,
        neighbours.neighbour_model,
        neighbours.valid_from,
        neighbours.valid_until,
        benchmarks.indicator_id,
        benchmarks.period_label,
        benchmarks.year_basis,
        benchmarks.period_start,
        benchmarks.period_end
),

compared as (
    select
        authorities.geography_code,
        'england' as comparator,
        cast(null as varchar(40)) as neighbour_model,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_until,
        benchmarks.indicator_id,
        benchmarks.period_label,
        benchmarks.year_basis,
        benchmarks.period_start,
        benchmarks.period_end,
        benchmarks.value,
        1 as areas_present,
        benchmarks.source_id
    from benchmarks
    cross join authorities
    where benchmarks.geography_level = 'england'
    union all
    select
        geography_code,
        'region' as comparator,
        cast(null as varchar(40)) as neighbour_model,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_until,
        indicator_id,
        period_label || case when preference = 2 then ', London' else '' end as period_label,
        year_basis,
        period_start,
        period_end,
        value,
        1 as areas_present,
        source_id
    from region_figures
    where choice = 1
    union all
    select
        geography_code,
        'statistical_neighbours' as comparator,
        neighbour_model,
        valid_from,
        valid_until,
        indicator_id,
        period_label,
        year_basis,
        period_start,
        period_end,
        case when areas_present >= {{ var('neighbours_needed') }} then mean_value end as value,
        areas_present,
        source_id
    from neighbour_means
)

-- a benchmark stands from its own period's end until the next one's
select
    compared.*,
    compared.period_end as stands_from,
    coalesce(
        lead(compared.period_end) over (
            partition by
                compared.indicator_id, compared.geography_code, compared.comparator, compared.neighbour_model
            order by compared.period_end
        ),
        date '9999-12-31'
    ) as stands_until
from compared
where compared.value is not null or compared.comparator = 'statistical_neighbours'
