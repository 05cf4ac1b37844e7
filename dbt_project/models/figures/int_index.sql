with series as (
    select * from {{ ref('int_expected_series') }}
),

whole_spans as (
    select * from {{ ref('int_whole_spans') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

breaks as (
    select * from {{ ref('int_breaks') }}
),

expected as (
    select
        series.indicator_id,
        series.geography_code,
        series.series_start,
        series.sent_by_month,
        indicators.frequency,
        indicators.year_basis,
        indicators.has_calendar_years,
        indicators.adds_up,
        whole_spans.first_start,
        whole_spans.last_end
    from series
    inner join whole_spans on series.geography_code = whole_spans.geography_code
    inner join indicators on series.indicator_id = indicators.indicator_id
)

-- an earlier figure is none to compare with where what is counted has changed since
select
    expected.indicator_id,
    expected.geography_code,
    periods.period_id,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    {% for earlier, months in (('previous', '-periods.months_expected'), ('year_ago', '-12')) %}
    case
        when not exists (
            select 1 from breaks
            where
                expected.indicator_id = breaks.indicator_id
                and expected.geography_code = breaks.geography_code
                and periods.period_end >= breaks.from_month
                and breaks.from_month > {{ add_months('periods.period_start', months) }}
        ) then periods.{{ earlier }}_period_id
    end as {{ earlier }}_period_id,
    {% endfor %}
    periods.months_expected,
    expected.series_start,
    expected.sent_by_month,
    expected.frequency
from expected
inner join periods
    on
        expected.first_start <= periods.period_start
        and expected.last_end >= periods.period_end
        and {{ of_its_years('expected', 'periods') }}
where periods.period_type <> 'rolling_12m' or expected.adds_up
