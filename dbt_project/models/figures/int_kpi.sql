with judged as (
    select * from {{ ref('int_judged_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

benchmarks as (
    select * from {{ ref('int_benchmarks_in_force') }}
),

reasons as (
    select * from {{ ref('stg_benchmark_reasons') }}
),

breaks as (
    select * from {{ ref('int_breaks') }}
),

compared_parts as (
    select * from {{ ref('stg_breakdowns') }}
    where compared_value is not null
),

-- official figures as they are printed beside the council's own
official as (
    select
        benchmarks.*,
        {{ printed('benchmarks.england_value', 'indicators.decimals') }} as england_printed,
        {{ printed('benchmarks.region_value', 'indicators.decimals') }} as region_printed,
        {{ printed('benchmarks.neighbours_value', 'indicators.decimals') }} as neighbours_printed
    from benchmarks
    inner join indicators on benchmarks.indicator_id = indicators.indicator_id
),

-- official figures may be about one part only: that part is held against them, not the whole
compared as (
    select
        judged.indicator_id,
        judged.geography_code,
        judged.period_id,
        judged.value,
        judged.printed_value,
        judged.printed_lower,
        judged.printed_upper
    from judged
    left join compared_parts on judged.indicator_id = compared_parts.indicator_id
    where
        judged.breakdown = coalesce(compared_parts.breakdown, 'total')
        and judged.breakdown_value = coalesce(compared_parts.compared_value, 'total')
)

select
    {{ columns_of_its_place('judged') }},
    cast(judged.numerator as decimal(18, 6)) as numerator,
    cast(judged.denominator as decimal(18, 6)) as denominator,
    cast(judged.numerator_squares as decimal(38, 6)) as numerator_squares,
    cast(judged.value as decimal(18, 6)) as value,
    judged.interval_lower,
    judged.interval_upper,
    judged.status,
    judged.status_reason,
    judged.origin,
    judged.source_note,
    cast(judged.months_expected as bigint) as months_expected,
    cast(judged.months_present as bigint) as months_present,
    cast(judged.previous_value as decimal(18, 6)) as previous_value,
    judged.previous_change,
    cast(judged.year_ago_value as decimal(18, 6)) as year_ago_value,
    judged.year_ago_change,
    cast(judged.target as decimal(18, 6)) as target,
    judged.target_kind,
    cast(judged.tolerance as decimal(18, 6)) as tolerance,
    judged.rag,
    judged.rag_reason,
    judged.target_certainty,
    cast(judged.cases_to_target as bigint) as cases_to_target,
    judged.previous_rag,
    cast(official.england_value as decimal(18, 6)) as england_value,
    official.england_period,
    cast(compared.printed_value - official.england_printed as decimal(18, 6)) as england_gap,
    {{ benchmark_verdict(
        'judged.polarity', 'compared.printed_value', 'compared.printed_lower',
        'compared.printed_upper', 'official.england_printed'
    ) }} as england_verdict,
    cast(official.region_value as decimal(18, 6)) as region_value,
    official.region_period,
    cast(compared.printed_value - official.region_printed as decimal(18, 6)) as region_gap,
    {{ benchmark_verdict(
        'judged.polarity', 'compared.printed_value', 'compared.printed_lower',
        'compared.printed_upper', 'official.region_printed'
    ) }} as region_verdict,
    cast(official.neighbours_value as decimal(18, 6)) as neighbours_value,
    official.neighbours_period,
    cast(compared.printed_value - official.neighbours_printed as decimal(18, 6)) as neighbours_gap,
    {{ benchmark_verdict(
        'judged.polarity', 'compared.printed_value', 'compared.printed_lower',
        'compared.printed_upper', 'official.neighbours_printed'
    ) }} as neighbours_verdict,
    cast(official.neighbours_present as bigint) as neighbours_present,
    case
        when judged.breakdown <> 'total'
            then 'Official figures are about the whole, not about its parts'
        else
            {{ benchmark_reason(
                'coalesce(breaks.no_benchmark_reason, reasons.benchmark_none_reason)', 'judged.unit', 'official.england_value',
                'official.neighbours_value', 'official.neighbours_present'
            ) }}
    end as benchmark_reason,
    cast(judged.month_end_mean as decimal(18, 6)) as month_end_mean,
    cast(judged.months_sum as decimal(18, 6)) as months_sum,
    compared.value as compared_value
from judged
left join official
    on
        judged.indicator_id = official.indicator_id
        and judged.geography_code = official.geography_code
        and judged.period_end = official.period_end
        and judged.breakdown = 'total'
left join compared
    on
        judged.indicator_id = compared.indicator_id
        and judged.geography_code = compared.geography_code
        and judged.period_id = compared.period_id
        and judged.breakdown = 'total'
left join reasons on judged.indicator_id = reasons.indicator_id
left join breaks
    on
        judged.indicator_id = breaks.indicator_id
        and judged.geography_code = breaks.geography_code
        and judged.period_end >= breaks.from_month
        and judged.period_end < breaks.until_month
