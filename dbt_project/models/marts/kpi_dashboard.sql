{% set kinds = ['month', 'quarter', 'year_to_date', 'year'] %}
{% set headline_columns = [
    'as_at', 'geography_code', 'indicator_id', 'period_type', 'period_start', 'period_end', 'numerator',
    'denominator', 'value', 'status', 'status_reason', 'origin', 'source_note', 'previous_value',
    'previous_change', 'year_ago_value', 'year_ago_change', 'interval_lower', 'interval_upper',
    'target_certainty', 'cases_to_target', 'previous_rag', 'england_verdict', 'region_verdict',
    'neighbours_verdict'
] %}

with editions as (
    select * from {{ ref('int_editions') }}
),

indicators as (
    select * from {{ ref('dim_indicator') }}
),

geographies as (
    select * from {{ ref('dim_geography') }}
),

newest as (
    select * from {{ ref('int_newest_figures') }}
),

benchmarks as (
    select * from {{ ref('int_benchmarks_in_force') }}
),

targets as (
    select * from {{ ref('stg_targets') }}
    where is_in_force
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

row_series as (
    select * from {{ ref('int_series') }}
),

-- the figure a row is about: the newest month or quarter (the month where both end together and
-- the month has a figure), the year for annual indicators
headline_ranked as (
    select
        newest.*,
        row_number() over (
            partition by newest.geography_code, newest.as_at, newest.indicator_id
            order by
                newest.period_end desc,
                case newest.kind when 'month' then 1 when 'quarter' then 2 else 3 end
        ) as choice
    from newest
    inner join indicators on newest.indicator_id = indicators.indicator_id
    where
        (indicators.frequency = 'annual' and newest.kind = 'year')
        or (indicators.frequency = 'monthly' and newest.kind in ('month', 'quarter'))
),

-- only a year on file: better last year's figure than none
year_only as (
    select newest.*
    from newest
    left join headline_ranked
        on
            newest.geography_code = headline_ranked.geography_code
            and newest.as_at = headline_ranked.as_at
            and newest.indicator_id = headline_ranked.indicator_id
    where newest.kind = 'year' and headline_ranked.indicator_id is null
),

headline as (
    select
        {{ headline_columns | join(',\n        ') }}
    from headline_ranked
    where choice = 1
    union all
    select
        {{ headline_columns | join(',\n        ') }}
    from year_only
),

-- age in months decides whether a figure still speaks for the as-at month
headline_aged as (
    select
        headline.*,
        as_at_day.month_index - last_day.month_index as months_old
    from headline
    inner join calendar as as_at_day on headline.as_at = as_at_day.calendar_date
    inner join calendar as last_day on headline.period_end = last_day.calendar_date
),

{% for kind in kinds %}
newest_{{ kind }} as (
    select * from newest
    where kind = '{{ kind }}'
),

{% endfor %}

assembled as (
    select
        editions.as_at,
        editions.geography_code,
        geographies.geography_name,
        geographies.region_name,
        indicators.indicator_id,
        indicators.catalogue_order,
        indicators.indicator_name,
        indicators.dashboard_no,
        indicators.dashboard,
        indicators.tier,
        indicators.unit,
        indicators.decimals,
        indicators.polarity,
        indicators.disclosure_class,
        indicators.frequency,
        indicators.benchmark_none_reason,
        {% for kind in kinds %}
        newest_{{ kind }}.period_start as {{ kind }}_period_start,
        newest_{{ kind }}.period_end as {{ kind }}_period_end,
        newest_{{ kind }}.numerator as {{ kind }}_numerator,
        newest_{{ kind }}.denominator as {{ kind }}_denominator,
        newest_{{ kind }}.value as {{ kind }}_value,
        coalesce(newest_{{ kind }}.status, 'no_data') as {{ kind }}_status,
        {% endfor %}
        headline.period_type as headline_period_type,
        headline.period_start as headline_period_start,
        headline.period_end as headline_period_end,
        headline.numerator as headline_numerator,
        headline.denominator as headline_denominator,
        headline.value as headline_value,
        headline.interval_lower as headline_interval_lower,
        headline.interval_upper as headline_interval_upper,
        coalesce(headline.status, 'no_data') as headline_status,
        case
            when headline.indicator_id is null and not row_series.is_delivered
                then
                    'Not delivered: ' || row_series.missing_extract
                    || case
                        when row_series.refused_code is null then ''
                        else ' (refused: ' || row_series.refused_code || ')'
                    end
            when headline.indicator_id is null then 'No figure has been sent for this indicator'
            else headline.status_reason
        end as headline_status_reason,
        headline.origin as headline_origin,
        headline.source_note as headline_source_note,
        headline.previous_value as headline_previous_value,
        headline.previous_change as headline_previous_change,
        headline.year_ago_value as headline_year_ago_value,
        headline.year_ago_change as headline_year_ago_change,
        headline.target_certainty,
        headline.cases_to_target,
        headline.previous_rag,
        headline.england_verdict,
        headline.region_verdict,
        headline.neighbours_verdict,
        coalesce(
            headline.months_old >= case
                when indicators.frequency = 'annual' then {{ var('freshness_months_annual') }}
                else {{ var('freshness_months') }}
            end,
            false
        ) as is_last_reported,
        targets.target,
        targets.target_kind,
        targets.tolerance,
        benchmarks.england_value,
        benchmarks.england_period,
        benchmarks.region_value,
        benchmarks.region_period,
        benchmarks.neighbours_value,
        benchmarks.neighbours_period,
        benchmarks.neighbours_present,
        {{ benchmark_reason(
            'indicators.benchmark_none_reason', 'indicators.unit', 'benchmarks.england_value',
            'benchmarks.neighbours_value', 'benchmarks.neighbours_present'
        ) }} as benchmark_reason
    from editions
    inner join geographies on editions.geography_code = geographies.geography_code
    cross join indicators
    left join headline_aged as headline
        on
            editions.geography_code = headline.geography_code
            and editions.as_at = headline.as_at
            and indicators.indicator_id = headline.indicator_id
    {% for kind in kinds %}
    left join newest_{{ kind }}
        on
            editions.geography_code = newest_{{ kind }}.geography_code
            and editions.as_at = newest_{{ kind }}.as_at
            and indicators.indicator_id = newest_{{ kind }}.indicator_id
    {% endfor %}
    left join row_series
        on
            editions.geography_code = row_series.geography_code
            and indicators.indicator_id = row_series.indicator_id
    left join targets
        on
            editions.geography_code = targets.geography_code
            and indicators.indicator_id = targets.indicator_id
            and coalesce(headline.period_end, editions.as_at) >= targets.valid_from
            and coalesce(headline.period_end, editions.as_at) <= targets.valid_until
    left join benchmarks
        on
            editions.geography_code = benchmarks.geography_code
            and indicators.indicator_id = benchmarks.indicator_id
            and coalesce(headline.period_end, editions.as_at) = benchmarks.period_end
),

judged as (
    select
        *,
        case
            when not is_last_reported
                then {{ rag('polarity', 'headline_value', 'target', 'tolerance') }}
        end as rag,
        case when not is_last_reported then headline_value end as current_value
    from assembled
)

select
    as_at,
    geography_code,
    geography_name,
    region_name,
    indicator_id,
    catalogue_order,
    indicator_name,
    dashboard_no,
    dashboard,
    tier,
    unit,
    decimals,
    polarity,
    disclosure_class,
    frequency,
    {% for kind in kinds %}
    {{ kind }}_period_start,
    {{ kind }}_period_end,
    {{ kind }}_numerator,
    {{ kind }}_denominator,
    {{ kind }}_value,
    {{ kind }}_status,
    {% endfor %}
    headline_period_type,
    headline_period_start,
    headline_period_end,
    headline_numerator,
    headline_denominator,
    headline_value,
    headline_interval_lower,
    headline_interval_upper,
    headline_status,
    headline_status_reason,
    headline_origin,
    headline_source_note,
    headline_previous_value,
    headline_previous_change,
    headline_year_ago_value,
    headline_year_ago_change,
    is_last_reported,
    cast(target as decimal(18, 6)) as target,
    target_kind,
    cast(tolerance as decimal(18, 6)) as tolerance,
    rag,
    case
        when rag is not null then null
        when polarity = 'neutral' then 'Neither direction is good in itself: no target'
        when target is null then 'No target agreed'
        when is_last_reported then 'The figure is too old to judge'
        else 'No figure to compare'
    end as rag_reason,
    case when not is_last_reported then target_certainty end as target_certainty,
    case when not is_last_reported then cases_to_target end as cases_to_target,
    case when not is_last_reported then previous_rag end as previous_rag,
    cast(england_value as decimal(18, 6)) as england_value,
    england_period,
    cast(current_value - england_value as decimal(18, 6)) as england_gap,
    case when not is_last_reported then england_verdict end as england_verdict,
    cast(region_value as decimal(18, 6)) as region_value,
    region_period,
    cast(current_value - region_value as decimal(18, 6)) as region_gap,
    case when not is_last_reported then region_verdict end as region_verdict,
    cast(neighbours_value as decimal(18, 6)) as neighbours_value,
    neighbours_period,
    cast(current_value - neighbours_value as decimal(18, 6)) as neighbours_gap,
    case when not is_last_reported then neighbours_verdict end as neighbours_verdict,
    cast(neighbours_present as bigint) as neighbours_present,
    benchmark_reason
from judged
