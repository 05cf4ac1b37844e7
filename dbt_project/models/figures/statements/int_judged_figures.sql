with figures as (
    select * from {{ ref('int_stated_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

targets as (
    select * from {{ ref('stg_targets') }}
    where is_in_force
),

printed as (
    select
        figures.*,
        indicators.polarity,
        indicators.unit,
        indicators.decimals,
        {{ printed('figures.value', 'indicators.decimals') }} as printed_value,
        {{ printed_bound('figures.interval_lower', 'indicators.decimals') }} as printed_lower,
        {{ printed_bound('figures.interval_upper', 'indicators.decimals') }} as printed_upper
    from figures
    inner join indicators on figures.indicator_id = indicators.indicator_id
),

with_target as (
    select
        printed.*,
        targets.target,
        targets.target_kind,
        targets.tolerance,
        {{ turning_point('printed.polarity', 'targets.target', 'printed.decimals') }} as turning_point,
        {{ rag('printed.polarity', 'printed.printed_value', 'targets.target', 'targets.tolerance') }} as rag
    from printed
    left join targets
        on
            printed.indicator_id = targets.indicator_id
            and printed.geography_code = targets.geography_code
            and printed.period_end >= targets.valid_from
            and printed.period_end <= targets.valid_until
            -- targets are about the whole, never about a part
            and printed.breakdown = 'total'
),

with_earlier as (
    select
        *,
        {{ figure_id(
            'indicator_id', 'geography_code', 'previous_period_id', 'breakdown', 'breakdown_value'
        ) }} as previous_figure_id,
        {{ figure_id(
            'indicator_id', 'geography_code', 'year_ago_period_id', 'breakdown', 'breakdown_value'
        ) }} as year_ago_figure_id
    from with_target
)

select
    with_earlier.*,
    previous.value as previous_value,
    cast(with_earlier.printed_value - previous.printed_value as decimal(18, 6)) as previous_change,
    year_ago.value as year_ago_value,
    cast(with_earlier.printed_value - year_ago.printed_value as decimal(18, 6)) as year_ago_change,
    case
        when with_earlier.rag is not null then null
        when with_earlier.breakdown <> 'total' then 'Targets are agreed for the whole, not for its parts'
        when with_earlier.polarity = 'neutral' then 'Neither direction is good in itself: no target'
        when with_earlier.target is null then 'No target agreed'
        else 'No figure to compare'
    end as rag_reason,
    {{ target_certainty(
        'with_earlier.rag', 'with_earlier.polarity', 'with_earlier.target',
        'with_earlier.printed_lower', 'with_earlier.printed_upper'
    ) }} as target_certainty,
    {{ cases_to_target(
        'with_earlier.rag', 'with_earlier.unit', 'with_earlier.polarity', 'with_earlier.numerator',
        'with_earlier.denominator', 'with_earlier.value', 'with_earlier.turning_point'
    ) }} as cases_to_target,
    previous.rag as previous_rag
from with_earlier
left join with_target as previous on with_earlier.previous_figure_id = previous.figure_id
left join with_target as year_ago on with_earlier.year_ago_figure_id = year_ago.figure_id
