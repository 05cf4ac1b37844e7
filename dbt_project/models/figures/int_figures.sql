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
    {{ columns_of_its_place('standing') }},
    {{ columns_of_its_numbers('standing') }},
    standing.numerator_squares,
    standing.origin,
    standing.source_note,
    standing.is_provisional,
    standing.standing_mean as month_end_mean
from standing
union all
select
    {{ columns_of_its_place('remembered') }},
    {{ columns_of_its_numbers('remembered') }},
    remembered.numerator_squares,
    'remembered' as origin,
    cast('As recorded with the delivery of ' || remembered.delivery_month as varchar(1000)) as source_note,
    remembered.kept and remembered.is_provisional as is_provisional,
    remembered.month_end_mean
from remembered
