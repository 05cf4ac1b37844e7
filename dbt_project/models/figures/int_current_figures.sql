with of_rows as (
    select * from {{ ref('int_row_figures') }}
),

returned as (
    select * from {{ ref('int_returned_figures') }}
),

rolled_up as (
    select * from {{ ref('int_rolled_up_returns') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

definitions as (
    select * from {{ ref('int_definitions') }}
),

newest_delivery as (
    select max(received_at) as received_at
    from {{ source('deliveries', 'accepted_deliveries') }}
),

-- the position at a quarter's last day is also that of the year, or year to date, ending then
quarter_positions as (
    select
        returned.indicator_id,
        returned.geography_code,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        returned.numerator,
        returned.denominator,
        returned.value,
        returned.source_note
    from returned
    inner join indicators on returned.indicator_id = indicators.indicator_id
    inner join periods
        on
            returned.period_end = periods.period_end
            and indicators.year_basis = periods.year_basis
    where returned.period_type = 'quarter' and indicators.is_position
),

candidates as (
    select
        indicator_id,
        geography_code,
        period_type,
        period_start,
        period_end,
        numerator,
        denominator,
        numerator_squares,
        value,
        cast(null as varchar(1000)) as source_note,
        'rows' as origin,
        is_provisional,
        month_end_mean,
        0 as precedence
    from of_rows
    where breakdown = 'total'
    union all
    select
        indicator_id,
        geography_code,
        period_type,
        period_start,
        period_end,
        numerator,
        denominator,
        cast(null as decimal(18, 6)) as numerator_squares,
        value,
        source_note,
        'returned' as origin,
        false as is_provisional,
        cast(null as decimal(18, 6)) as month_end_mean,
        1 as precedence
    from returned
    union all
    select
        indicator_id,
        geography_code,
        period_type,
        period_start,
        period_end,
        numerator,
        denominator,
        cast(null as decimal(18, 6)) as numerator_squares,
        value,
        cast(null as varchar(1000)) as source_note,
        'rolled_up' as origin,
        false as is_provisional,
        month_end_mean,
        2 as precedence
    from rolled_up
    where value is not null or denominator = 0
    union all
    select
        indicator_id,
        geography_code,
        period_type,
        period_start,
        period_end,
        numerator,
        denominator,
        cast(null as decimal(18, 6)) as numerator_squares,
        value,
        source_note,
        'rolled_up' as origin,
        false as is_provisional,
        cast(null as decimal(18, 6)) as month_end_mean,
        3 as precedence
    from quarter_positions
),

-- rows stand before returns; a figure sent for exactly this period before one put together from
-- shorter periods
ranked as (
    select
        *,
        row_number() over (
            partition by indicator_id, geography_code, period_type, period_start, period_end
            order by precedence
        ) as choice
    from candidates
),

chosen as (
    select
        indicator_id,
        geography_code,
        period_type,
        period_start,
        period_end,
        'total' as breakdown,
        'total' as breakdown_value,
        numerator,
        denominator,
        numerator_squares,
        value,
        origin,
        source_note,
        is_provisional,
        month_end_mean
    from ranked
    where choice = 1
    union all
    select
        indicator_id,
        geography_code,
        period_type,
        period_start,
        period_end,
        breakdown,
        breakdown_value,
        numerator,
        denominator,
        numerator_squares,
        value,
        'rows' as origin,
        cast(null as varchar(1000)) as source_note,
        is_provisional,
        month_end_mean
    from of_rows
    where breakdown <> 'total'
)

select
    chosen.*,
    definitions.definition,
    newest_delivery.received_at
from chosen
inner join definitions on chosen.indicator_id = definitions.indicator_id
cross join newest_delivery
