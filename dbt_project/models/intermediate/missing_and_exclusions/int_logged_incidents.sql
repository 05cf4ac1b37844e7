with logged as (
    select * from {{ ref('stg_ext_missing_episodes') }}
),

council as (
    select * from {{ ref('int_council') }}
),

numbers as (
    select * from {{ ref('int_missing_numbers') }}
    where any_missing_id = missing_id
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- a child of another authority is that authority's to report [G19]; a return after the last day of
-- the delivery has not happened yet [G2]
own_children as (
    select
        logged.missing_id,
        logged.person_id,
        logged.missing_from_at,
        cast(logged.missing_from_at as date) as started_on,
        case when cast(logged.returned_at as date) <= logged.as_at then logged.returned_at end as returned_at,
        lower(logged.time_precision) as time_precision,
        lower(logged.incident_type) as incident_type,
        lower(logged.setting) as setting,
        case logged.placed_out_of_borough when 'Y' then 'out' when 'N' then 'in' else 'unknown' end
            as in_out_borough
    from logged
    inner join numbers on logged.missing_id = numbers.missing_id
    inner join council on coalesce(logged.responsible_la_code, council.la_code) = council.la_code
),

-- hours that really passed: both times less what London's clock was then ahead of universal time
timed as (
    select
        own_children.missing_id,
        cast(
            {{ seconds_between('own_children.missing_from_at', 'own_children.returned_at') }} / 3600
            - case
                when extract(hour from own_children.returned_at) < 2 then last_day.hours_ahead_before_two
                else last_day.hours_ahead_from_two
            end
            + case
                when extract(hour from own_children.missing_from_at) < 2
                    then first_day.hours_ahead_before_two
                else first_day.hours_ahead_from_two
            end as decimal(18, 6)
        ) as hours
    from own_children
    inner join calendar as first_day on own_children.started_on = first_day.calendar_date
    inner join calendar as last_day on cast(own_children.returned_at as date) = last_day.calendar_date
    where own_children.time_precision = 'minute'
)

-- returned before missing, as can come out in the night the clocks go forward, is not a time
select
    own_children.missing_id,
    'ext_missing_episodes' as source_extract,
    own_children.person_id,
    case when own_children.incident_type = 'away' then 1 else 0 end as is_away,
    own_children.started_on,
    cast(own_children.returned_at as date) as returned_on,
    case when timed.hours >= 0 then timed.hours end as hours,
    own_children.setting,
    own_children.in_out_borough
from own_children
left join timed on own_children.missing_id = timed.missing_id
