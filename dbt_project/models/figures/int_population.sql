with benchmarks as (
    select * from {{ ref('stg_benchmarks') }}
),

authorities as (
    select * from {{ ref('stg_authorities') }}
),

-- the children-in-care rate is published with the population behind it, from 2021
populations as (
    select
        geography_code,
        period_end as in_force_from,
        denominator as population_0_17
    from benchmarks
    where indicator_id = 'cic_rate_per_10k' and denominator is not null
),

measures as (
    select
        authorities.geography_code,
        populations.in_force_from,
        'population_0_17' as measure,
        populations.population_0_17 as persons,
        case when populations.population_0_17 is null then 'no_data' else 'ok' end as status,
        case
            when populations.population_0_17 is null
                then 'The published rates for this authority carry no population.'
        end as status_reason
    from authorities
    left join populations on authorities.geography_code = populations.geography_code
    union all
    select
        geography_code,
        cast(null as date) as in_force_from,
        'pupil_headcount' as measure,
        cast(null as decimal(18, 6)) as persons,
        'no_data' as status,
        'DfE publishes the exclusion rate by authority without the headcount behind it.' as status_reason
    from authorities
)

select
    geography_code,
    measure,
    in_force_from,
    lead(in_force_from) over (partition by geography_code, measure order by in_force_from) as in_force_until,
    persons,
    status,
    status_reason
from measures
