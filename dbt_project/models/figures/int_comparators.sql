with benchmarks as (
    select * from {{ ref('stg_benchmarks') }}
),

authorities as (
    select * from {{ ref('stg_authorities') }}
),

region_figures as (
    select * from {{ ref('int_region_figures') }}
),

neighbour_means as (
    select * from {{ ref('int_neighbour_means') }}
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
        cast(null as varchar(1000)) as areas_left_out,
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
        period_label,
        year_basis,
        period_start,
        period_end,
        value,
        1 as areas_present,
        cast(null as varchar(1000)) as areas_left_out,
        source_id
    from region_figures
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
        areas_left_out,
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
