-- final months only: a provisional one would look like a fall while its cases are still open; a month
-- without any case has no figure, and adds nothing to a span of months
with kpi as (
    select * from {{ ref('int_kpi') }}
    where period_type = 'month' and breakdown = 'total' and status in ('ok', 'no_cases')
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

baselines as (
    select * from {{ ref('int_baselines') }}
),

-- how often somebody had begun a new baseline by the month
phases as (
    select
        kpi.indicator_id,
        kpi.geography_code,
        kpi.period_start,
        count(baselines.from_month) as phase,
        max(baselines.from_month) as phase_begins
    from kpi
    left join baselines
        on
            kpi.indicator_id = baselines.indicator_id
            and kpi.geography_code = baselines.geography_code
            and kpi.period_start >= baselines.from_month
    group by kpi.indicator_id, kpi.geography_code, kpi.period_start
)

select
    kpi.indicator_id,
    kpi.geography_code,
    kpi.period_start,
    kpi.period_end,
    calendar.month_index,
    calendar.financial_year,
    kpi.numerator,
    kpi.denominator,
    kpi.value,
    kpi.target,
    kpi.numerator_squares,
    indicators.unit,
    indicators.decimals,
    indicators.polarity,
    indicators.time_basis,
    indicators.is_position,
    phases.phase,
    phases.phase_begins
from kpi
inner join indicators on kpi.indicator_id = indicators.indicator_id
inner join calendar on kpi.period_end = calendar.calendar_date
inner join phases
    on
        kpi.indicator_id = phases.indicator_id
        and kpi.geography_code = phases.geography_code
        and kpi.period_start = phases.period_start
where indicators.frequency = 'monthly'
