with current_figures as (
    select * from {{ ref('int_current_figures') }}
),

remembered as (
    select * from {{ ref('int_remembered_figures') }}
),

-- of a year whose first months have left the rows
remembered_means as (
    select * from {{ ref('stg_figures_ledger') }}
    where is_newest and origin = 'rows' and month_end_mean is not null
),

-- what was once worked out from rows stands before what was sent ready made
standing as (
    select
        current_figures.*,
        coalesce(
            current_figures.month_end_mean,
            case when current_figures.origin = 'rows' then remembered_means.month_end_mean end
        ) as standing_mean
    from current_figures
    left join remembered_means on current_figures.figure_id = remembered_means.figure_id
    left join remembered on current_figures.figure_id = remembered.figure_id
    where remembered.figure_id is null
)

select
    figure_id,
    indicator_id,
    geography_code,
    period_id,
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
    standing_mean as month_end_mean
from standing
union all
select
    figure_id,
    indicator_id,
    geography_code,
    period_id,
    period_type,
    period_start,
    period_end,
    breakdown,
    breakdown_value,
    numerator,
    denominator,
    numerator_squares,
    value,
    'remembered' as origin,
    cast('As recorded with the delivery of ' || delivery_month as varchar(1000)) as source_note,
    kept and is_provisional as is_provisional,
    month_end_mean
from remembered
