with series as (
    select * from {{ ref('int_series') }}
    where is_delivered and series_start is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

indicator_months as (
    select * from {{ ref('int_indicator_months') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

-- a part that was ever seen is shown in every period, with 0 where nothing falls under it
parts as (
    select distinct
        indicator_id,
        breakdown,
        breakdown_value
    from indicator_months
    union distinct
    select
        indicator_id,
        'total' as breakdown,
        'total' as breakdown_value
    from series
)

-- closed periods only [G11]; a flow needs all its months, a position only its last day [G14]
select
    {{ figure_id(
        'series.indicator_id', 'series.geography_code', 'periods.period_id', 'parts.breakdown',
        'parts.breakdown_value'
    ) }} as figure_id,
    series.indicator_id,
    series.geography_code,
    series.as_at,
    periods.period_id,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    parts.breakdown,
    parts.breakdown_value
from series
inner join indicators on series.indicator_id = indicators.indicator_id
inner join parts on series.indicator_id = parts.indicator_id
inner join periods on series.as_at >= periods.period_end
where
    {{ of_its_years('indicators', 'periods') }}
    and case
        when indicators.is_position
            then periods.period_type <> 'rolling_12m' and series.series_start <= periods.period_end
        when indicators.frequency = 'annual'
            then periods.period_type like '%_year' and series.series_start <= periods.period_start
        else series.series_start <= periods.period_start
    end
