with returned as (
    select * from {{ ref('int_returned_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

months as (
    select
        returned.*,
        indicators.unit,
        indicators.year_basis,
        indicators.has_calendar_years,
        indicators.adds_up,
        indicators.is_position,
        indicators.unit = 'count' or returned.denominator is not null as has_parts
    from returned
    inner join indicators on returned.indicator_id = indicators.indicator_id
    where returned.period_type = 'month'
),

-- every longer period a month belongs to
months_in_periods as (
    select
        months.indicator_id,
        months.geography_code,
        months.unit,
        months.numerator,
        months.denominator,
        months.value,
        months.has_parts,
        months.adds_up,
        months.is_position,
        months.period_end as month_end,
        periods.period_id,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.months_expected
    from months
    inner join periods
        on
            months.period_start >= periods.period_start
            and months.period_end <= periods.period_end
            and {{ of_its_years('months', 'periods') }}
    where
        periods.period_type <> 'month'
        and (months.adds_up or (months.is_position and periods.period_type <> 'rolling_12m'))
),

months_together as (
    select
        indicator_id,
        geography_code,
        period_id,
        period_type,
        period_start,
        period_end,
        unit,
        adds_up,
        max(months_expected) as months_expected,
        count(*) as months_present,
        sum(case when has_parts then 1 else 0 end) as months_with_parts,
        sum(numerator) as numerator_sum,
        sum(denominator) as denominator_sum,
        sum(value) as value_sum,
        max(case when month_end = period_end then numerator end) as last_numerator,
        max(case when month_end = period_end then denominator end) as last_denominator,
        max(case when month_end = period_end then value end) as last_value
    from months_in_periods
    group by indicator_id, geography_code, period_id, period_type, period_start, period_end, unit, adds_up
),

-- what adds up needs every month with its numbers; a position is that of the last day
measured as (
    select
        *,
        months_present = months_expected and months_with_parts = months_expected as is_whole,
        case when adds_up then numerator_sum else last_numerator end as numerator,
        case when adds_up then denominator_sum else last_denominator end as denominator
    from months_together
)

select
    indicator_id,
    geography_code,
    period_id,
    period_type,
    period_start,
    period_end,
    months_expected,
    months_present,
    months_with_parts,
    case when is_whole or not adds_up then numerator end as numerator,
    case when is_whole or not adds_up then denominator end as denominator,
    case
        when not adds_up then last_value
        when is_whole then {{ indicator_value('unit', 'numerator', 'denominator') }}
    end as value,
    case when adds_up and unit = 'count' then numerator_sum end as months_sum,
    case
        when adds_up or months_present < months_expected or period_type not like '%_year' then null
        when unit = 'count' then value_sum / months_expected
        when months_with_parts = months_expected
            then {{ indicator_value('unit', 'numerator_sum', 'denominator_sum') }}
    end as month_end_mean
from measured
