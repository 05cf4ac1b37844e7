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
        figure_id,
        indicator_id,
        geography_code,
        period_id,
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
    from total_figures
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
        'rows' as origin,
        cast(null as varchar(1000)) as source_note,
        is_provisional,
        month_end_mean
    from row_figures
    where breakdown <> 'total'
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
