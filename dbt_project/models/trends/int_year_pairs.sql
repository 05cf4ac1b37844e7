with series as (
    select
        *,
        cast(numerator as {{ double() }}) as counted,
        cast(denominator as {{ double() }}) as cases,
        cast(numerator_squares as {{ double() }}) as squares
    from {{ ref('int_trend_series') }}
    where not is_position and time_basis <> 'period_median' and numerator is not null
)

select
    series.indicator_id,
    series.geography_code,
    series.period_end,
    series.month_index,
    series.financial_year,
    series.unit,
    series.counted + earlier.counted as counted,
    series.cases + earlier.cases as cases,
    series.squares + earlier.squares as squares,
    case
        when series.unit = 'count' then series.counted + earlier.counted
        when series.cases > 0 and earlier.cases > 0
            then series.cases * earlier.cases / (series.cases + earlier.cases)
        else 0
    end as weight,
    case
        when series.unit = 'count' then series.counted / nullif(series.counted + earlier.counted, 0)
        when series.cases > 0 and earlier.cases > 0
            then series.counted / series.cases - earlier.counted / earlier.cases
    end as difference
from series
inner join series as earlier
    on
        series.indicator_id = earlier.indicator_id
        and series.geography_code = earlier.geography_code
        and series.month_index - 12 = earlier.month_index
