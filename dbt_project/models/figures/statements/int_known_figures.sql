with index_rows as (
    select * from {{ ref('int_index') }}
),

figures as (
    select * from {{ ref('int_figures') }}
),

intervals as (
    select * from {{ ref('int_intervals') }}
),

rolled_up as (
    select * from {{ ref('int_rolled_up_returns') }}
),

row_series as (
    select * from {{ ref('int_series') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
)

select
    index_rows.*,
    coalesce(figures.breakdown, 'total') as breakdown,
    coalesce(figures.breakdown_value, 'total') as breakdown_value,
    coalesce(
        figures.figure_id,
        {{ figure_id('index_rows.indicator_id', 'index_rows.geography_code', 'index_rows.period_id') }}
    ) as figure_id,
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
    row_series.why_unfilled,
    row_series.oldest_extract,
    row_series.refused_code,
    row_series.as_at as rows_as_at,
    row_series.series_start as rows_start,
    indicators.adds_up
from index_rows
inner join indicators on index_rows.indicator_id = indicators.indicator_id
left join figures
    on
        index_rows.indicator_id = figures.indicator_id
        and index_rows.geography_code = figures.geography_code
        and index_rows.period_id = figures.period_id
left join intervals on figures.figure_id = intervals.figure_id
left join rolled_up
    on
        index_rows.indicator_id = rolled_up.indicator_id
        and index_rows.geography_code = rolled_up.geography_code
        and index_rows.period_id = rolled_up.period_id
left join row_series
    on
        index_rows.indicator_id = row_series.indicator_id
        and index_rows.geography_code = row_series.geography_code
