with total_figures as (
    select * from {{ ref('int_total_figures') }}
),

row_figures as (
    select * from {{ ref('int_row_figures') }}
),

definitions as (
    select * from {{ ref('int_definitions') }}
),

holidays_met as (
    select * from {{ ref('int_holidays_met') }}
),

newest_delivery as (
    select max(received_at) as received_at
    from {{ source('deliveries', 'accepted_deliveries') }}
),

chosen as (
    select
        {{ columns_of_its_place('total_figures') }},
        {{ columns_of_its_numbers('total_figures') }},
        total_figures.numerator_squares,
        total_figures.origin,
        total_figures.source_note,
        total_figures.is_provisional,
        total_figures.month_end_mean
    from total_figures
    union all
    select
        {{ columns_of_its_place('row_figures') }},
        {{ columns_of_its_numbers('row_figures') }},
        row_figures.numerator_squares,
        'rows' as origin,
        cast(null as varchar(1000)) as source_note,
        row_figures.is_provisional,
        row_figures.month_end_mean
    from row_figures
    where row_figures.breakdown <> 'total'
)

select
    chosen.*,
    -- the bank holidays that its clocks may have met stand behind the way that a figure is worked out
    definitions.definition
    || case
        when definitions.reads_bank_holidays and chosen.origin = 'rows' then ':' || holidays_met.holidays
        else ''
    end as definition,
    newest_delivery.received_at
from chosen
inner join definitions on chosen.indicator_id = definitions.indicator_id
inner join holidays_met
    on chosen.period_start = holidays_met.period_start and chosen.period_end = holidays_met.period_end
cross join newest_delivery
