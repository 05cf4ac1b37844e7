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
        {{ columns_of_its_period('row_figures') }},
        {{ columns_of_its_numbers('row_figures') }},
        row_figures.numerator_squares,
        cast(null as varchar(1000)) as source_note,
        'rows' as origin,
        row_figures.is_provisional,
        row_figures.month_end_mean,
        0 as precedence
    from row_figures
    union all
    select
        {{ columns_of_its_period('returned') }},
        {{ columns_of_its_numbers('returned') }},
        cast(null as decimal(38, 6)) as numerator_squares,
        returned.source_note,
        'returned' as origin,
        false as is_provisional,
        cast(null as decimal(18, 6)) as month_end_mean,
        1 as precedence
    from returned
    union all
    select
        {{ columns_of_its_period('rolled_up') }},
        {{ columns_of_its_numbers('rolled_up') }},
        cast(null as decimal(38, 6)) as numerator_squares,
        cast(null as varchar(1000)) as source_note,
        'rolled_up' as origin,
        false as is_provisional,
        rolled_up.month_end_mean,
        2 as precedence
    from rolled_up
    union all
    select
        {{ columns_of_its_period('same_day_returns') }},
        {{ columns_of_its_numbers('same_day_returns') }},
        cast(null as decimal(38, 6)) as numerator_squares,
        same_day_returns.source_note,
        'rolled_up' as origin,
        false as is_provisional,
        cast(null as decimal(18, 6)) as month_end_mean,
        same_day_returns.precedence
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
    'total' as breakdown,
    'total' as breakdown_value,
    *
from ranked
where choice = 1
