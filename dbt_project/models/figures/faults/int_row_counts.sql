with events as (
    select * from {{ ref('int_indicator_events') }}
    where breakdown = 'total'
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

people as (
    select * from {{ ref('int_known_people') }}
),

judged_rows as (
    select
        events.indicator_id,
        events.indicator_date,
        events.subject_id,
        events.numerator,
        events.denominator,
        indicators.unit,
        indicators.time_basis,
        indicators.is_position,
        indicators.adds,
        -- one row of a rate or of a yearly share brings the population
        indicators.unit = 'rate_per_10k' or indicators.time_basis = 'annual' as has_population,
        -- where a subject may repeat, no event is lost with a person for it: visits that are due again
        (indicators.adds_up or indicators.time_basis = 'period_median') and not indicators.repeats
            as is_of_events,
        people.person_id is not null as is_person,
        calendar.month_end
    from events
    inner join indicators on events.indicator_id = indicators.indicator_id
    left join people on events.subject_id = people.person_id
    left join calendar on events.indicator_date = calendar.calendar_date
)

select
    indicator_id,
    unit,
    time_basis,
    adds,
    count(*) as rows_seen,
    sum(case when indicator_date is null then 1 else 0 end) as without_date,
    sum(case when subject_id is null and (numerator <> 0 or not has_population) then 1 else 0 end)
        as without_subject,
    sum(case when numerator is null then 1 else 0 end) as without_numerator,
    sum(case when denominator is null and unit <> 'count' and not has_population then 1 else 0 end)
        as without_denominator,
    sum(case when numerator < 0 or denominator < 0 then 1 else 0 end) as negative,
    sum(case when unit = 'count' and denominator is not null then 1 else 0 end) as counts_out_of,
    sum(
        case
            when adds <> 'cases' then 0
            when unit in ('count', 'percent', 'rate_per_10k') and numerator not in (0, 1) then 1
            when unit = 'percent' and denominator not in (0, 1) then 1
            when unit in ('days', 'hours', 'weeks') and denominator <> 1 then 1
            else 0
        end
    ) as counted_twice,
    sum(
        case
            when unit = 'percent' and adds <> 'amounts_apart' and numerator > denominator then 1
            else 0
        end
    ) as above_whole,
    sum(case when is_position and indicator_date <> month_end then 1 else 0 end) as between_month_ends,
    sum(case when is_person then 1 else 0 end) as of_people,
    sum(case when is_person and is_of_events then 1 else 0 end) as events_of_people,
    count(denominator) as denominators,
    count(distinct case when denominator is not null then indicator_date end) as denominator_days,
    max(denominator) as largest_denominator,
    sum(case when numerator = 1 then 1 else 0 end) as ones,
    sum(case when numerator = 0 then 1 else 0 end) as zeros,
    sum(numerator) as numerators
from judged_rows
group by indicator_id, unit, time_basis, adds
