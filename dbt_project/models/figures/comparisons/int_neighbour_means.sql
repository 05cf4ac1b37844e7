with benchmarks as (
    select * from {{ ref('stg_benchmarks') }}
    where geography_level = 'local_authority' and value is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

authorities as (
    select * from {{ ref('stg_authorities') }}
),

neighbours as (
    select * from {{ ref('stg_neighbours') }}
),

authority_figures as (
    select
        benchmarks.*,
        benchmarks.indicator_id || '|' || {{ period_id(
            'benchmarks.period_label', 'benchmarks.period_start', 'benchmarks.period_end'
        ) }} as published_id
    from benchmarks
    inner join indicators on benchmarks.indicator_id = indicators.indicator_id
    -- counts depend on the size of the area: never averaged over neighbours
    where indicators.unit <> 'count'
),

published_periods as (
    select distinct
        published_id,
        indicator_id,
        period_label,
        year_basis,
        period_start,
        period_end
    from authority_figures
),

-- all ten neighbours in every period that has figures, so that a mean can name those it lacks
neighbour_figures as (
    select
        neighbours.geography_code,
        neighbours.neighbour_model,
        neighbours.neighbour_rank,
        neighbours.valid_from,
        neighbours.valid_until,
        published_periods.published_id,
        published_periods.indicator_id,
        published_periods.period_label,
        published_periods.year_basis,
        published_periods.period_start,
        published_periods.period_end,
        authority_figures.value,
        authority_figures.source_id,
        case
            when authority_figures.value is not null then null
            when authorities.valid_to < published_periods.period_end
                then authorities.geography_name || ' (abolished)'
            else authorities.geography_name
        end as left_out
    from neighbours
    cross join published_periods
    inner join authorities on neighbours.neighbour_code = authorities.geography_code
    left join authority_figures
        on
            neighbours.neighbour_code = authority_figures.geography_code
            and published_periods.published_id = authority_figures.published_id
)

select
    geography_code,
    neighbour_model,
    valid_from,
    valid_until,
    indicator_id,
    period_label,
    year_basis,
    period_start,
    period_end,
    count(value) as areas_present,
    avg(value) as mean_value,
    min(source_id) as source_id,
    {{ joined_texts('left_out', '; ', 'neighbour_rank') }} as areas_left_out
from neighbour_figures
group by
    geography_code,
    neighbour_model,
    valid_from,
    valid_until,
    indicator_id,
    period_label,
    year_basis,
    period_start,
    period_end
having count(value) > 0
