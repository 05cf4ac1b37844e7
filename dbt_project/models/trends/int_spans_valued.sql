with spans as (
    select * from {{ ref('int_spans_compared') }}
),

dispersions as (
    select * from {{ ref('int_dispersion') }}
),

-- positions are one look at much the same people, and are taken for independent
dispersed as (
    select
        spans.*,
        case when spans.is_position then 1 else dispersions.dispersion end as dispersion,
        case when spans.is_position then 1.959963984540054 else dispersions.quantile end as quantile
    from spans
    left join dispersions
        on
            spans.indicator_id = dispersions.indicator_id
            and spans.geography_code = dispersions.geography_code
            and spans.period_end = dispersions.period_end
            and spans.span = dispersions.span
),

kinds as (
    select
        *,
        case
            when not is_whole then 'none'
            when unit = 'percent' then 'ratio'
            when unit = 'count' then 'events'
            when unit = 'rate_per_10k' then 'events'
            when squares_now is null or squares_before is null then 'none'
            else 'mean'
        end as kind,
        case when unit = 'count' then 1 else denominator_now end as exposure_now,
        case when unit = 'count' then 1 else denominator_before end as exposure_before
    from dispersed
)

select
    *,
    case
        when exposure_now > 0
            then numerator_now / exposure_now * case when unit = 'percent' then 100 else 1 end
    end as value_now,
    case
        when exposure_before > 0
            then numerator_before / exposure_before * case when unit = 'percent' then 100 else 1 end
    end as value_before,
    numerator_now + numerator_before as events,
    exposure_now / nullif(exposure_now + exposure_before, 0) as share_expected
from kinds
