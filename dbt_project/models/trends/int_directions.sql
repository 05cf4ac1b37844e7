-- whether two spans of months differ by more than chance: for percentages by Newcombe's interval of
-- the difference, for counts and rates by the share of all events that fell into the later span
-- (exactly where either had fewer than ten), for means by their spread
with spans as (
    select * from {{ ref('int_spans_compared') }}
),

log_factorials as (
    select * from {{ ref('int_log_factorials') }}
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
    from spans
),

valued as (
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
),

proportions as (
    select
        *,
        numerator_now / nullif(denominator_now, 0) as p_now,
        numerator_before / nullif(denominator_before, 0) as p_before,
        {{ wilson('lower', 'numerator_now', 'denominator_now') }} as lower_now,
        {{ wilson('upper', 'numerator_now', 'denominator_now') }} as upper_now,
        {{ wilson('lower', 'numerator_before', 'denominator_before') }} as lower_before,
        {{ wilson('upper', 'numerator_before', 'denominator_before') }} as upper_before
    from valued
    where kind = 'ratio'
),

ratios as (
    select
        indicator_id,
        geography_code,
        period_end,
        span,
        case
            when denominator_now < 20 or denominator_before < 20 then null
            when
                {{ newcombe(
                    'lower', 'p_now', 'lower_now', 'upper_now', 'p_before', 'lower_before', 'upper_before'
                ) }}
                > 0 then 1
            when
                {{ newcombe(
                    'upper', 'p_now', 'lower_now', 'upper_now', 'p_before', 'lower_before', 'upper_before'
                ) }}
                < 0 then -1
            else 0
        end as way
    from proportions
),

-- the rarer side of what chance would share out
shared as (
    select
        *,
        case when numerator_now < events * share_expected then -1 else 1 end as side,
        case
            when numerator_now < events * share_expected then round(numerator_now)
            else round(numerator_before)
        end as fewer,
        case when numerator_now < events * share_expected then share_expected else 1 - share_expected end
            as share_of_fewer,
        (numerator_now - events * share_expected)
        / nullif(sqrt(events * share_expected * (1 - share_expected)), 0) as z
    from valued
    where kind = 'events' and share_expected > 0 and share_expected < 1
),

tails as (
    select
        shared.indicator_id,
        shared.geography_code,
        shared.period_end,
        shared.span,
        sum(
            exp(
                of_all.log_factorial - of_fewer.log_factorial - of_rest.log_factorial
                + of_fewer.n * ln(shared.share_of_fewer)
                + (round(shared.events) - of_fewer.n) * ln(1 - shared.share_of_fewer)
            )
        ) as tail
    from shared
    inner join log_factorials as of_all on round(shared.events) = of_all.n
    inner join log_factorials as of_fewer on shared.fewer >= of_fewer.n
    inner join log_factorials as of_rest on round(shared.events) - of_fewer.n = of_rest.n
    where shared.fewer < 10
    group by shared.indicator_id, shared.geography_code, shared.period_end, shared.span
),

counted as (
    select
        shared.indicator_id,
        shared.geography_code,
        shared.period_end,
        shared.span,
        case
            when tails.tail is not null and 2 * tails.tail < 0.05 then shared.side
            when tails.tail is not null then 0
            when abs(shared.z) > 1.959963984540054 then shared.side
            else 0
        end as way
    from shared
    left join tails
        on
            shared.indicator_id = tails.indicator_id
            and shared.geography_code = tails.geography_code
            and shared.period_end = tails.period_end
            and shared.span = tails.span
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
),

means as (
    select
        indicator_id,
        geography_code,
        period_end,
        span,
        case
            when value_now - value_before > 1.959963984540054 * sqrt(variance) then 1
            when value_before - value_now > 1.959963984540054 * sqrt(variance) then -1
            else 0
        end as way
    from spread
),

ways as (
    select * from ratios
    union all
    select * from counted
    union all
    select * from means
)

select
    valued.indicator_id,
    valued.geography_code,
    valued.period_end,
    valued.span,
    valued.value_now,
    valued.value_before,
    case
        when ways.way is null then 'too_few_to_say'
        when ways.way = 0 then 'no_clear_change'
        when valued.polarity = 'neutral' and ways.way > 0 then 'higher'
        when valued.polarity = 'neutral' then 'lower'
        when (ways.way > 0) = (valued.polarity = 'higher') then 'improving'
        else 'worsening'
    end as verdict
from valued
left join ways
    on
        valued.indicator_id = ways.indicator_id
        and valued.geography_code = ways.geography_code
        and valued.period_end = ways.period_end
        and valued.span = ways.span
