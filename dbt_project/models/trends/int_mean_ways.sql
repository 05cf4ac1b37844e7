with valued as (
    select * from {{ ref('int_spans_valued') }}
),

spread as (
    select
        *,
        (squares_now - numerator_now * numerator_now / denominator_now) / (denominator_now - 1)
        / denominator_now
        + (squares_before - numerator_before * numerator_before / denominator_before)
        / (denominator_before - 1) / denominator_before as variance
    from valued
    where kind = 'mean' and denominator_now >= 20 and denominator_before >= 20
)

select
    indicator_id,
    geography_code,
    period_end,
    span,
    case
        when quantile is null then null
        when value_now - value_before > quantile * sqrt(dispersion * variance) then 1
        when value_before - value_now > quantile * sqrt(dispersion * variance) then -1
        else 0
    end as way
from spread
