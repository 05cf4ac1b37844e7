with events as (
    select * from {{ ref('int_indicator_events') }}
    where subject_id is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
)

select
    events.indicator_id,
    events.breakdown,
    events.breakdown_value,
    events.indicator_date,
    events.subject_id,
    indicators.unit,
    indicators.time_basis,
    case when indicators.unit in ('days', 'hours', 'weeks', 'cases') then 0 else events.numerator end as n,
    case
        when indicators.unit in ('days', 'hours', 'weeks', 'cases') then 0
        else coalesce(events.denominator - events.numerator, 0)
    end as m,
    coalesce(events.denominator, 0) as d
from events
inner join indicators on events.indicator_id = indicators.indicator_id
