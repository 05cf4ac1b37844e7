with row_figures as (
    select * from {{ ref('int_row_figures') }}
    where breakdown = 'total'
),

returned as (
    select * from {{ ref('int_returned_figures') }}
),

rolled_up as (
    select * from {{ ref('int_rolled_up_returns') }}
    where value is not null or denominator = 0
),

same_day_returns as (
    select * from {{ ref('int_same_day_returns') }}
),

candidates as (
    select
        indicator_id,
        geography_code,
        period_id,
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
    from row_figures
    union all
    select
        indicator_id,
        geography_code,
        period_id,
        period_type,
        period_start,
        period_end,
        numerator,
        denominator,
        cast(null as decimal(38, 6)) as numerator_squares,
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
        period_id,
        period_type,
        period_start,
        period_end,
        numerator,
        denominator,
        cast(null as decimal(38, 6)) as numerator_squares,
        value,
        cast(null as varchar(1000)) as source_note,
        'rolled_up' as origin,
        false as is_provisional,
        month_end_mean,
        2 as precedence
    from rolled_up
    union all
    select
        indicator_id,
        geography_code,
        period_id,
        period_type,
        period_start,
        period_end,
        numerator,
        denominator,
        cast(null as decimal(38, 6)) as numerator_squares,
        value,
        source_note,
        'rolled_up' as origin,
        false as is_provisional,
        cast(null as decimal(18, 6)) as month_end_mean,
        precedence
    from same_day_returns
),

-- rows stand before returns; a figure sent for exactly this period before one put together from
-- shorter periods
ranked as (
    select
        *,
        row_number() over (
            partition by indicator_id, geography_code, period_id
            order by precedence
        ) as choice
    from candidates
)

select
    {{ figure_id('indicator_id', 'geography_code', 'period_id') }} as figure_id,
    *
from ranked
where choice = 1
