with figures as (
    select * from {{ ref('int_figures') }}
),

returned as (
    select * from {{ ref('int_returned_figures') }}
),

row_series as (
    select * from {{ ref('int_series') }}
),

remembered as (
    select * from {{ ref('int_remembered_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

spans as (
    select
        geography_code,
        min(period_start) as first_start,
        max(period_end) as last_end
    from figures
    group by geography_code
),

newest as (
    select max(last_end) as newest_end
    from spans
),

-- whole financial years, so that a year cut off at either end shows as incomplete
whole_spans as (
    select
        spans.geography_code,
        coalesce(first_years.period_start, spans.first_start) as first_start,
        case
            when last_years.period_end < newest.newest_end then last_years.period_end
            else newest.newest_end
        end as last_end
    from spans
    cross join newest
    left join periods as first_years
        on
            spans.first_start >= first_years.period_start
            and spans.first_start <= first_years.period_end
            and first_years.period_type = 'financial_year'
    left join periods as last_years
        on
            spans.last_end >= last_years.period_start
            and spans.last_end <= last_years.period_end
            and last_years.period_type = 'financial_year'
),

-- an indicator is expected of an area from the area's first figure on; of the council whose rows
-- are delivered every indicator that comes from rows
starts as (
    select
        indicator_id,
        geography_code,
        period_start as series_start,
        case when period_type = 'month' then 1 else 0 end as sent_by_month
    from returned
    union all
    select
        indicator_id,
        geography_code,
        series_start,
        1 as sent_by_month
    from row_series
    union all
    select
        indicator_id,
        geography_code,
        period_start as series_start,
        1 as sent_by_month
    from remembered
),

series as (
    select
        indicator_id,
        geography_code,
        min(series_start) as series_start,
        max(sent_by_month) as sent_by_month
    from starts
    group by indicator_id, geography_code
),

expected as (
    select
        series.indicator_id,
        series.geography_code,
        series.series_start,
        series.sent_by_month,
        indicators.frequency,
        indicators.year_basis,
        indicators.adds_up,
        whole_spans.first_start,
        whole_spans.last_end
    from series
    inner join whole_spans on series.geography_code = whole_spans.geography_code
    inner join indicators on series.indicator_id = indicators.indicator_id
)

select
    expected.indicator_id,
    expected.geography_code,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.period_index,
    periods.previous_step,
    periods.year_step,
    periods.months_expected,
    expected.series_start,
    expected.sent_by_month,
    expected.frequency
from expected
inner join periods
    on
        expected.first_start <= periods.period_start
        and expected.last_end >= periods.period_end
        and (periods.year_basis is null or expected.year_basis = periods.year_basis)
where periods.period_type <> 'rolling_12m' or expected.adds_up
