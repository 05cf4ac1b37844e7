with index_rows as (
    select * from {{ ref('int_index') }}
),

figures as (
    select * from {{ ref('int_figures') }}
),

rolled_up as (
    select * from {{ ref('int_rolled_up_returns') }}
),

intervals as (
    select * from {{ ref('int_intervals') }}
),

row_series as (
    select * from {{ ref('int_series') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

targets as (
    select * from {{ ref('stg_targets') }}
    where is_in_force
),

benchmarks as (
    select * from {{ ref('int_benchmarks_in_force') }}
),

reasons as (
    select * from {{ ref('benchmark_reasons') }}
),

known as (
    select
        index_rows.*,
        coalesce(figures.breakdown, 'total') as breakdown,
        coalesce(figures.breakdown_value, 'total') as breakdown_value,
        figures.numerator,
        figures.denominator,
        figures.numerator_squares,
        figures.value,
        intervals.interval_lower,
        intervals.interval_upper,
        figures.origin,
        figures.source_note,
        coalesce(figures.is_provisional, false) as is_provisional,
        case
            when figures.origin in ('rows', 'remembered') then index_rows.months_expected
            else coalesce(rolled_up.months_present, 0)
        end as months_present,
        case
            when figures.origin in ('rows', 'remembered') then figures.value
            else rolled_up.months_sum
        end as months_sum,
        case
            when figures.origin in ('rows', 'remembered') then figures.month_end_mean
            else rolled_up.month_end_mean
        end as month_end_mean,
        row_series.is_delivered,
        row_series.missing_extract,
        row_series.oldest_extract,
        row_series.refused_code,
        row_series.as_at as rows_as_at,
        row_series.series_start as rows_start,
        indicators.polarity,
        indicators.unit,
        indicators.adds_up
    from index_rows
    inner join indicators on index_rows.indicator_id = indicators.indicator_id
    left join figures
        on
            index_rows.indicator_id = figures.indicator_id
            and index_rows.geography_code = figures.geography_code
            and index_rows.period_type = figures.period_type
            and index_rows.period_start = figures.period_start
            and index_rows.period_end = figures.period_end
    left join intervals
        on
            figures.indicator_id = intervals.indicator_id
            and figures.geography_code = intervals.geography_code
            and figures.period_type = intervals.period_type
            and figures.period_start = intervals.period_start
            and figures.period_end = intervals.period_end
            and figures.breakdown = intervals.breakdown
            and figures.breakdown_value = intervals.breakdown_value
    left join rolled_up
        on
            index_rows.indicator_id = rolled_up.indicator_id
            and index_rows.geography_code = rolled_up.geography_code
            and index_rows.period_type = rolled_up.period_type
            and index_rows.period_start = rolled_up.period_start
            and index_rows.period_end = rolled_up.period_end
    left join row_series
        on
            index_rows.indicator_id = row_series.indicator_id
            and index_rows.geography_code = row_series.geography_code
),

with_status as (
    select
        *,
        case
            when value is not null and is_provisional then 'provisional'
            when value is not null then 'ok'
            when denominator = 0 then 'no_cases'
            when frequency = 'annual' and period_type not like '%_year' then 'not_reported_at_this_frequency'
            when period_end < series_start then 'not_started'
            -- a flow needs all its months
            when origin is null and period_start < rows_start and period_end >= rows_start then 'not_started'
            else 'no_data'
        end as status
    from known
),

with_reason as (
    select
        *,
        case
            when status = 'no_cases' then 'There was no case to count in this period'
            when status = 'not_reported_at_this_frequency' then 'Reported once a year'
            when status = 'not_started' then 'The series starts later'
            when status = 'provisional' then 'The figure may still change: what it counts is not all over yet'
            when status = 'no_data' and origin = 'rows'
                then 'No population or headcount is in force: the number has nothing to be set against'
            when status = 'no_data' and not is_delivered
                then
                    'Not delivered: ' || missing_extract
                    || case when refused_code is null then '' else ' (refused: ' || refused_code || ')' end
            when status = 'no_data' and period_end > rows_as_at
                then
                    'The rows of ' || oldest_extract || ' end earlier'
                    || case
                        when refused_code is null then ''
                        else ' (newer file refused: ' || refused_code || ')'
                    end
            when status = 'no_data' and adds_up and months_present between 1 and months_expected - 1
                then
                    cast(months_expected - months_present as varchar(10)) || ' of '
                    || cast(months_expected as varchar(10))
                    || ' months missing: this period is not their sum'
            when status = 'no_data' and adds_up and months_present = months_expected
                then 'The months came as percentages without their numbers: they cannot be added up'
            when status = 'no_data' and period_type = 'month' and sent_by_month = 0
                then 'Sent by quarter or year only: not spread over months'
            when status = 'no_data' then 'Nothing was sent for this period'
        end as status_reason
    from with_status
),

with_target as (
    select
        with_reason.*,
        targets.target,
        targets.target_kind,
        targets.tolerance,
        {{ rag('with_reason.polarity', 'with_reason.value', 'targets.target', 'targets.tolerance') }} as rag
    from with_reason
    left join targets
        on
            with_reason.indicator_id = targets.indicator_id
            and with_reason.geography_code = targets.geography_code
            and with_reason.period_end >= targets.valid_from
            and with_reason.period_end <= targets.valid_until
            -- targets and official figures are about the whole, never about a part
            and with_reason.breakdown = 'total'
),

with_earlier as (
    select
        with_target.*,
        previous.value as previous_value,
        previous.rag as previous_rag,
        year_ago.value as year_ago_value
    from with_target
    left join with_target as previous
        on
            with_target.indicator_id = previous.indicator_id
            and with_target.geography_code = previous.geography_code
            and with_target.breakdown = previous.breakdown
            and with_target.breakdown_value = previous.breakdown_value
            and with_target.period_type = previous.period_type
            and with_target.period_index - with_target.previous_step = previous.period_index
    left join with_target as year_ago
        on
            with_target.indicator_id = year_ago.indicator_id
            and with_target.geography_code = year_ago.geography_code
            and with_target.breakdown = year_ago.breakdown
            and with_target.breakdown_value = year_ago.breakdown_value
            and with_target.period_type = year_ago.period_type
            and with_target.period_index - with_target.year_step = year_ago.period_index
)

select
    with_earlier.indicator_id,
    with_earlier.geography_code,
    with_earlier.period_type,
    with_earlier.period_start,
    with_earlier.period_end,
    with_earlier.breakdown,
    with_earlier.breakdown_value,
    cast(with_earlier.numerator as decimal(18, 6)) as numerator,
    cast(with_earlier.denominator as decimal(18, 6)) as denominator,
    cast(with_earlier.numerator_squares as decimal(18, 6)) as numerator_squares,
    cast(with_earlier.value as decimal(18, 6)) as value,
    with_earlier.interval_lower,
    with_earlier.interval_upper,
    with_earlier.status,
    with_earlier.status_reason,
    with_earlier.origin,
    with_earlier.source_note,
    cast(with_earlier.months_expected as bigint) as months_expected,
    cast(with_earlier.months_present as bigint) as months_present,
    cast(with_earlier.previous_value as decimal(18, 6)) as previous_value,
    cast(with_earlier.value - with_earlier.previous_value as decimal(18, 6)) as previous_change,
    cast(with_earlier.year_ago_value as decimal(18, 6)) as year_ago_value,
    cast(with_earlier.value - with_earlier.year_ago_value as decimal(18, 6)) as year_ago_change,
    cast(with_earlier.target as decimal(18, 6)) as target,
    with_earlier.target_kind,
    cast(with_earlier.tolerance as decimal(18, 6)) as tolerance,
    with_earlier.rag,
    case
        when with_earlier.rag is not null then null
        when with_earlier.breakdown <> 'total' then 'Targets are agreed for the whole, not for its parts'
        when with_earlier.polarity = 'neutral' then 'Neither direction is good in itself: no target'
        when with_earlier.target is null then 'No target agreed'
        else 'No figure to compare'
    end as rag_reason,
    {{ target_certainty(
        'with_earlier.rag', 'with_earlier.polarity', 'with_earlier.target',
        'with_earlier.interval_lower', 'with_earlier.interval_upper'
    ) }} as target_certainty,
    cast(
        {{ cases_to_target(
            'with_earlier.rag', 'with_earlier.unit', 'with_earlier.polarity',
            'with_earlier.numerator', 'with_earlier.denominator', 'with_earlier.value',
            'with_earlier.target'
        ) }} as bigint
    ) as cases_to_target,
    with_earlier.previous_rag,
    cast(benchmarks.england_value as decimal(18, 6)) as england_value,
    benchmarks.england_period,
    cast(with_earlier.value - benchmarks.england_value as decimal(18, 6)) as england_gap,
    {{ benchmark_verdict(
        'with_earlier.polarity', 'with_earlier.value', 'with_earlier.interval_lower',
        'with_earlier.interval_upper', 'benchmarks.england_value'
    ) }} as england_verdict,
    cast(benchmarks.region_value as decimal(18, 6)) as region_value,
    benchmarks.region_period,
    cast(with_earlier.value - benchmarks.region_value as decimal(18, 6)) as region_gap,
    {{ benchmark_verdict(
        'with_earlier.polarity', 'with_earlier.value', 'with_earlier.interval_lower',
        'with_earlier.interval_upper', 'benchmarks.region_value'
    ) }} as region_verdict,
    cast(benchmarks.neighbours_value as decimal(18, 6)) as neighbours_value,
    benchmarks.neighbours_period,
    cast(with_earlier.value - benchmarks.neighbours_value as decimal(18, 6)) as neighbours_gap,
    {{ benchmark_verdict(
        'with_earlier.polarity', 'with_earlier.value', 'with_earlier.interval_lower',
        'with_earlier.interval_upper', 'benchmarks.neighbours_value'
    ) }} as neighbours_verdict,
    cast(benchmarks.neighbours_present as bigint) as neighbours_present,
    case
        when with_earlier.breakdown <> 'total'
            then 'Official figures are about the whole, not about its parts'
        else
            {{ benchmark_reason(
                'reasons.benchmark_none_reason', 'with_earlier.unit', 'benchmarks.england_value',
                'benchmarks.neighbours_value', 'benchmarks.neighbours_present'
            ) }}
    end as benchmark_reason,
    cast(with_earlier.month_end_mean as decimal(18, 6)) as month_end_mean,
    cast(with_earlier.months_sum as decimal(18, 6)) as months_sum
from with_earlier
left join benchmarks
    on
        with_earlier.indicator_id = benchmarks.indicator_id
        and with_earlier.geography_code = benchmarks.geography_code
        and with_earlier.period_end = benchmarks.period_end
        and with_earlier.breakdown = 'total'
left join reasons on with_earlier.indicator_id = reasons.indicator_id
