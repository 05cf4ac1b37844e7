with editions as (
    select * from {{ ref('int_editions') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

headlines as (
    select * from {{ ref('int_headlines') }}
),

newest as (
    select * from {{ ref('int_newest_by_kind') }}
),

row_series as (
    select * from {{ ref('int_series') }}
),

compared_parts as (
    select * from {{ ref('stg_breakdowns') }}
    where compared_value is not null
),

targets as (
    select * from {{ ref('stg_targets') }}
    where is_in_force
),

benchmarks as (
    select * from {{ ref('int_benchmarks_in_force') }}
)

select
    editions.as_at,
    editions.geography_code,
    editions.is_newest,
    indicators.indicator_id,
    {% for kind in ['month', 'quarter', 'year_to_date', 'year'] %}
    newest.{{ kind }}_period_start,
    newest.{{ kind }}_period_end,
    newest.{{ kind }}_numerator,
    newest.{{ kind }}_denominator,
    newest.{{ kind }}_value,
    coalesce(newest.{{ kind }}_status, 'no_data') as {{ kind }}_status,
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
        when headline.indicator_id is null and row_series.why_unfilled is not null
            then row_series.why_unfilled
        when headline.indicator_id is null and not row_series.is_delivered
            then
                'Not delivered: ' || row_series.missing_extract
                || case
                    when row_series.refused_code is null then ''
                    else ' (refused: ' || row_series.refused_code || ')'
                end
        when headline.indicator_id is null and row_series.is_delivered
            then 'What was delivered does not go back far enough for it, or holds nothing of it'
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
    headline.compared_value,
    compared_parts.breakdown as compared_breakdown,
    compared_parts.compared_value as compared_part,
    coalesce(
        headline.months_old >= case
            when headline.is_of_a_year then {{ var('freshness_months_annual') }}
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
    benchmarks.neighbours_left_out
from editions
cross join indicators
left join headlines as headline
    on
        editions.geography_code = headline.geography_code
        and editions.as_at = headline.as_at
        and indicators.indicator_id = headline.indicator_id
left join newest
    on
        editions.geography_code = newest.geography_code
        and editions.as_at = newest.as_at
        and indicators.indicator_id = newest.indicator_id
left join row_series
    on
        editions.geography_code = row_series.geography_code
        and indicators.indicator_id = row_series.indicator_id
left join compared_parts on indicators.indicator_id = compared_parts.indicator_id
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
