{% set recounted = [] %}
{% for indicator in var('indicators') if indicator.source == 'rows' %}
{% if indicator.time_basis in ('period_distinct_count', 'period_median') %}
{% do recounted.append(indicator.id) %}
{% endif %}
{% endfor %}

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

period_months as (
    select * from {{ ref('int_period_months') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
),

events as (
    select * from {{ ref('int_indicator_events') }}
    where indicator_id in (
        {% for indicator in recounted %}
        '{{ indicator }}'{{ ',' if not loop.last }}
        {% endfor %}
    )
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
),

-- closed periods only [G11]; a flow needs all its months, a position only its last day [G14]
cells as (
    select
        series.indicator_id,
        series.geography_code,
        series.as_at,
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
        (periods.year_basis is null or indicators.year_basis = periods.year_basis)
        and case
            when indicators.is_position
                then periods.period_type <> 'rolling_12m' and series.series_start <= periods.period_end
            when indicators.frequency = 'annual'
                then periods.period_type like '%_year' and series.series_start <= periods.period_start
            else series.series_start <= periods.period_start
        end
),

-- sums for what adds up, the last month's sums for a position [G12]
summed as (
    select
        cells.indicator_id,
        cells.period_type,
        cells.period_start,
        cells.period_end,
        cells.breakdown,
        cells.breakdown_value,
        sum(indicator_months.numerator) as numerator,
        sum(indicator_months.denominator) as denominator,
        sum(indicator_months.numerator_squares) as numerator_squares,
        count(indicator_months.indicator_id) as months_with_rows
    from cells
    inner join indicators on cells.indicator_id = indicators.indicator_id
    inner join period_months
        on
            cells.period_type = period_months.period_type
            and cells.period_start = period_months.period_start
            and cells.period_end = period_months.period_end
    left join indicator_months
        on
            cells.indicator_id = indicator_months.indicator_id
            and cells.breakdown = indicator_months.breakdown
            and cells.breakdown_value = indicator_months.breakdown_value
            and period_months.month_start = indicator_months.month_start
    where period_months.is_last_month or not indicators.is_position
    group by
        cells.indicator_id,
        cells.period_type,
        cells.period_start,
        cells.period_end,
        cells.breakdown,
        cells.breakdown_value
),

-- distinct children and medians are worked out from the rows of the whole period [G12]
recounted as (
    select
        events.indicator_id,
        period_months.period_type,
        period_months.period_start,
        period_months.period_end,
        events.breakdown,
        events.breakdown_value,
        count(distinct events.subject_id) as subjects,
        count(*) as measured,
        cast(
            percentile_cont(0.5) within group (order by events.numerator) as decimal(18, 6)
        ) as median_value
    from events
    inner join calendar on events.indicator_date = calendar.calendar_date
    inner join period_months on calendar.month_start = period_months.month_start
    group by
        events.indicator_id,
        period_months.period_type,
        period_months.period_start,
        period_months.period_end,
        events.breakdown,
        events.breakdown_value
),

measured as (
    select
        cells.*,
        indicators.unit,
        indicators.time_basis,
        indicators.is_position,
        indicators.months_rule,
        indicators.maturity_wd,
        case
            when indicators.time_basis = 'period_distinct_count' then coalesce(recounted.subjects, 0)
            when indicators.time_basis = 'period_median' then null
            else coalesce(summed.numerator, 0)
        end as numerator,
        case
            when indicators.unit = 'count' then null
            when indicators.time_basis = 'period_median' then coalesce(recounted.measured, 0)
            -- without a population or headcount in force there is no denominator, not one of 0
            when indicators.unit = 'rate_per_10k' or indicators.time_basis = 'annual' then summed.denominator
            else coalesce(summed.denominator, 0)
        end as denominator,
        recounted.median_value,
        -- of a mean, for its spread
        case
            when indicators.time_basis = 'period_mean' then coalesce(summed.numerator_squares, 0)
        end as numerator_squares,
        summed.months_with_rows
    from cells
    inner join indicators on cells.indicator_id = indicators.indicator_id
    inner join summed
        on
            cells.indicator_id = summed.indicator_id
            and cells.period_type = summed.period_type
            and cells.period_start = summed.period_start
            and cells.period_end = summed.period_end
            and cells.breakdown = summed.breakdown
            and cells.breakdown_value = summed.breakdown_value
    left join recounted
        on
            cells.indicator_id = recounted.indicator_id
            and cells.period_type = recounted.period_type
            and cells.period_start = recounted.period_start
            and cells.period_end = recounted.period_end
            and cells.breakdown = recounted.breakdown
            and cells.breakdown_value = recounted.breakdown_value
),

totals as (
    select * from measured
    where breakdown = 'total'
),

-- no figure for a month that no delivery speaks for, or that has no row where a row is the reading
delivered_days as (
    {% for indicator in var('indicators') if indicator.months == 'delivered' %}
    select
        '{{ indicator.id }}' as indicator_id,
        as_at
    from deliveries
    where extract_name = '{{ indicator.needs[0] }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- parts that are counted against the whole's denominator
shares as (
    {% for indicator in var('indicators') if indicator.shares %}
    {% set is_last = loop.last %}
    {% for breakdown in indicator.shares %}
    select
        '{{ indicator.id }}' as indicator_id,
        '{{ breakdown }}' as breakdown
    {{ 'union all' if not (loop.last and is_last) }}
    {% endfor %}
    {% endfor %}
),

covered as (
    select
        measured.*,
        case
            when shares.indicator_id is not null then totals.denominator
            else measured.denominator
        end as whole_denominator
    from measured
    inner join totals
        on
            measured.indicator_id = totals.indicator_id
            and measured.period_type = totals.period_type
            and measured.period_start = totals.period_start
            and measured.period_end = totals.period_end
    left join delivered_days
        on
            measured.indicator_id = delivered_days.indicator_id
            and measured.period_end = delivered_days.as_at
    left join shares
        on measured.indicator_id = shares.indicator_id and measured.breakdown = shares.breakdown
    where case measured.months_rule
        when 'delivered' then delivered_days.as_at is not null
        when 'with_rows' then totals.months_with_rows > 0
        else true
    end
),

valued as (
    select
        covered.indicator_id,
        covered.geography_code,
        covered.as_at,
        covered.period_type,
        covered.period_start,
        covered.period_end,
        covered.breakdown,
        covered.breakdown_value,
        covered.unit,
        covered.is_position,
        covered.maturity_wd,
        case
            when covered.numerator is null then null
            when covered.whole_denominator = 0 then 0
            else covered.numerator
        end as numerator,
        covered.whole_denominator as denominator,
        covered.numerator_squares,
        case
            when covered.time_basis = 'period_median' then covered.median_value
            else {{ indicator_value('covered.unit', 'covered.numerator', 'covered.whole_denominator') }}
        end as value
    from covered
),

month_ends as (
    select * from valued
    where period_type = 'month' and breakdown = 'total' and is_position
),

-- a year of positions also has the mean of its twelve month ends
year_means as (
    select
        month_ends.indicator_id,
        period_months.period_start,
        sum(month_ends.numerator) as numerator_sum,
        sum(month_ends.denominator) as denominator_sum,
        sum(month_ends.value) as value_sum,
        count(*) as months_present,
        count(month_ends.denominator) as months_with_denominator
    from month_ends
    inner join period_months on month_ends.period_start = period_months.month_start
    where period_months.period_type = 'financial_year'
    group by month_ends.indicator_id, period_months.period_start
)

select
    valued.indicator_id,
    valued.geography_code,
    valued.period_type,
    valued.period_start,
    valued.period_end,
    valued.breakdown,
    valued.breakdown_value,
    cast(valued.numerator as decimal(18, 6)) as numerator,
    cast(valued.denominator as decimal(18, 6)) as denominator,
    cast(valued.numerator_squares as decimal(18, 6)) as numerator_squares,
    cast(valued.value as decimal(18, 6)) as value,
    cast(
        case
            when year_means.months_present < 12 then null
            when valued.unit = 'count' then year_means.value_sum / 12
            when year_means.months_with_denominator = 12
                then
                    {{ indicator_value(
                        'valued.unit', 'year_means.numerator_sum', 'year_means.denominator_sum'
                    ) }}
        end as decimal(18, 6)
    ) as month_end_mean,
    coalesce(last_days.working_day_number - period_ends.working_day_number < valued.maturity_wd, false)
        as is_provisional
from valued
inner join calendar as period_ends on valued.period_end = period_ends.calendar_date
inner join calendar as last_days on valued.as_at = last_days.calendar_date
left join year_means
    on
        valued.indicator_id = year_means.indicator_id
        and valued.period_start = year_means.period_start
        and valued.period_type = 'financial_year'
        and valued.breakdown = 'total'
        and valued.is_position
