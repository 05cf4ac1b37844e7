with valued as (
    select * from {{ ref('int_spans_valued') }}
),

log_factorials as (
    select * from {{ ref('int_log_factorials') }}
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
        -- less the half that lies between one number and the next
        (abs(numerator_now - events * share_expected) - 0.5)
        / nullif(sqrt(dispersion * events * share_expected * (1 - share_expected)), 0) as z
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
)

select
    shared.indicator_id,
    shared.geography_code,
    shared.period_end,
    shared.span,
    case
        when shared.quantile is null then null
        when 2 * tails.tail >= 0.05 then 0
        when shared.z > shared.quantile then shared.side
        else 0
    end as way
from shared
left join tails
    on
        shared.indicator_id = tails.indicator_id
        and shared.geography_code = tails.geography_code
        and shared.period_end = tails.period_end
        and shared.span = tails.span
