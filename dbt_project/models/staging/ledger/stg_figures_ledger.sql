with recorded as (
    select * from {{ source('ledger', 'figures_ledger') }}
),

areas as (
    select * from {{ ref('stg_area_codes') }}
),

newest_delivery as (
    select max(received_at) as received_at
    from {{ source('deliveries', 'accepted_deliveries') }}
),

-- what was recorded under a council's former code is that of the council
named as (
    select
        recorded.indicator_id,
        coalesce(areas.geography_code, recorded.geography_code) as geography_code,
        recorded.period_type,
        recorded.period_start,
        recorded.period_end,
        recorded.breakdown,
        recorded.breakdown_value,
        recorded.numerator,
        recorded.denominator,
        recorded.value,
        recorded.month_end_mean,
        recorded.origin,
        recorded.is_provisional,
        recorded.definition,
        recorded.recorded_at,
        recorded.delivery_month,
        recorded.code_version,
        recorded.record_no,
        recorded.numerator_squares,
        -- late records come in with the next delivery: a provisional figure is kept up to then
        recorded.kept
        and (not recorded.is_provisional or recorded.recorded_at >= newest_delivery.received_at) as kept,
        coalesce(recorded.given_at, recorded.recorded_at) as given_at
    from recorded
    cross join newest_delivery
    left join areas on recorded.geography_code = areas.any_code
),

identified as (
    select
        *,
        {{ period_id('period_type', 'period_start', 'period_end') }} as period_id
    from named
),

keyed as (
    select
        *,
        {{ figure_id(
            'indicator_id', 'geography_code', 'period_id', 'breakdown', 'breakdown_value'
        ) }} as figure_id
    from identified
)

select
    *,
    row_number() over (partition by figure_id order by record_no desc) = 1 as is_newest
from keyed
