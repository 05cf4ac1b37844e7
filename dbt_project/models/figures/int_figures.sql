with current_figures as (
    select * from {{ ref('int_current_figures') }}
),

remembered as (
    select * from {{ ref('int_remembered_figures') }}
),

-- what was once worked out from rows stands before what was sent ready made
standing as (
    select current_figures.*
    from current_figures
    left join remembered
        on
            current_figures.indicator_id = remembered.indicator_id
            and current_figures.geography_code = remembered.geography_code
            and current_figures.period_type = remembered.period_type
            and current_figures.period_start = remembered.period_start
            and current_figures.period_end = remembered.period_end
            and current_figures.breakdown = remembered.breakdown
            and current_figures.breakdown_value = remembered.breakdown_value
    where remembered.indicator_id is null
)

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
    origin,
    source_note,
    is_provisional,
    month_end_mean
from standing
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
    cast(null as decimal(18, 6)) as numerator_squares,
    value,
    'remembered' as origin,
    cast('As recorded with the delivery of ' || delivery_month as varchar(1000)) as source_note,
    false as is_provisional,
    month_end_mean
from remembered
