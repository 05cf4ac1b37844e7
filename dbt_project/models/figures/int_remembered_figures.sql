with ledger as (
    select * from {{ ref('stg_figures_ledger') }}
    where is_newest and origin = 'rows'
),

row_figures as (
    select * from {{ ref('int_row_figures') }}
),

series as (
    select * from {{ ref('int_series') }}
    where is_delivered
)

-- what begins before the rows do now, and what was kept when somebody was forgotten; any other figure
-- that rows no longer give inside their window was wrong, and stays away
select ledger.*
from ledger
inner join series
    on
        ledger.indicator_id = series.indicator_id
        and ledger.geography_code = series.geography_code
        and (ledger.kept or ledger.period_start < series.series_start)
left join row_figures on ledger.figure_id = row_figures.figure_id
where ledger.kept or row_figures.figure_id is null
