-- what each council of an area adds to a figure, and if nothing, why: it was not in the pool for all of
-- the period (outside), said nothing (missing), keeps small numbers to itself (withheld), or told a value
-- without its numbers. Of a part that nothing falls under there is no row: it adds 0 to the part.
with areas as (
    select * from {{ ref('int_pool_areas') }}
),

pool as (
    select * from {{ ref('stg_pool') }}
),

figures as (
    select
        figures.*,
        indicators.unit = 'count' as is_count,
        indicators.time_basis
    from {{ ref('stg_council_figures') }} as figures
    inner join {{ ref('stg_indicators') }} as indicators on figures.indicator_id = indicators.indicator_id
),

-- an indicator of which a council has told something; where it then says nothing it may withhold it
told as (
    select distinct
        geography_code,
        indicator_id
    from figures
),

-- a breakdown of which a council tells no part at all is not known of it
split as (
    select distinct
        geography_code,
        {{ pooled_id('indicator_id', 'period_id', 'breakdown', "'any'") }} as split_id
    from figures
),

wanted as (
    select distinct
        areas.area_code,
        figures.pooled_id,
        figures.indicator_id,
        figures.period_id,
        figures.period_type,
        figures.period_start,
        figures.period_end,
        figures.breakdown,
        figures.breakdown_value,
        figures.is_count,
        figures.time_basis,
        {{ pooled_id('figures.indicator_id', 'figures.period_id', "'total'", "'total'") }} as whole_id,
        {{ pooled_id('figures.indicator_id', 'figures.period_id', 'figures.breakdown', "'any'") }} as split_id
    from figures
    inner join areas on figures.geography_code = areas.geography_code
),

expected as (
    select
        wanted.*,
        areas.geography_code,
        pool.geography_code is not null as is_member,
        told.indicator_id is not null and pool.small_numbers = 'withheld' as may_withhold
    from wanted
    inner join areas on wanted.area_code = areas.area_code
    left join pool
        on
            areas.geography_code = pool.geography_code
            and wanted.period_start >= pool.first_month
            and wanted.period_end < {{ add_months('pool.last_month', 1) }}
    left join told
        on areas.geography_code = told.geography_code and wanted.indicator_id = told.indicator_id
),

with_numbers as (
    select
        expected.*,
        breakdowns.share_of,
        own.pooled_id is not null as is_there,
        expected.breakdown <> 'total'
        and (
            (split.split_id is not null and wholes.numerator is not null)
            or (wholes.numerator = 0 and (expected.is_count or wholes.denominator = 0))
        ) as is_empty_part,
        own.value,
        coalesce(own.numerator, case when expected.is_count then own.value end) as numerator,
        own.denominator,
        own.numerator_squares,
        own.is_provisional,
        own.made_of,
        wholes.numerator as whole_numerator,
        wholes.denominator as whole_denominator
    from expected
    left join figures as own
        on expected.pooled_id = own.pooled_id and expected.geography_code = own.geography_code
    left join figures as wholes
        on expected.whole_id = wholes.pooled_id and expected.geography_code = wholes.geography_code
    left join split
        on expected.split_id = split.split_id and expected.geography_code = split.geography_code
    left join {{ ref('stg_breakdowns') }} as breakdowns
        on expected.indicator_id = breakdowns.indicator_id and expected.breakdown = breakdowns.breakdown
)

select
    area_code,
    pooled_id,
    indicator_id,
    period_id,
    period_type,
    period_start,
    period_end,
    breakdown,
    breakdown_value,
    geography_code,
    case
        when not is_member then 'outside'
        when not is_there and is_empty_part then 'counted'
        when not is_there and may_withhold then 'withheld'
        when not is_there then 'missing'
        when time_basis = 'period_median' then 'counted'
        when numerator is null and value is null then 'withheld'
        when numerator is null or (denominator is null and not is_count) then 'without_numbers'
        else 'counted'
    end as state,
    cast(case when is_there then numerator else 0 end as decimal(18, 6)) as numerator,
    cast(
        case
            when is_there or is_count then denominator
            when share_of = 'whole' then whole_denominator
            when share_of = 'rest' then whole_denominator - whole_numerator
            else 0
        end as decimal(18, 6)
    ) as denominator,
    numerator_squares,
    coalesce(is_provisional, false) as is_provisional,
    made_of
from with_numbers
