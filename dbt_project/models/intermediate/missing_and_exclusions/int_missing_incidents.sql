with logged as (
    select * from {{ ref('stg_ext_missing_episodes') }}
),

in_case_system as (
    select * from {{ ref('stg_ssd_missing') }}
),

episodes as (
    select * from {{ ref('stg_ssd_cla_episodes') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

council as (
    select * from {{ ref('int_council') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
),

-- the log wins whole once it was delivered, be it empty: the same incident stands in both sources
delivered as (
    select
        max(case when extract_name = 'ext_missing_episodes' then 1 else 0 end) as has_log,
        max(case when extract_name = 'ssd_cla_episodes' then 1 else 0 end) as has_episodes
    from deliveries
    where delivery_month is not null
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
    inner join council on coalesce(logged.responsible_la_code, council.la_code) = council.la_code
),

-- hours that really passed: both times less what London's clock was then ahead of universal time
timed as (
    select
        own_children.missing_id,
        cast(
            (extract(epoch from own_children.returned_at) - extract(epoch from own_children.missing_from_at))
            / 3600
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
),

-- returned before missing, as can come out in the night the clocks go forward, is not a time
from_log as (
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
),

-- missing from care: an episode is open on the day [G3], death ends it [G5]
during_care as (
    select distinct in_case_system.miss_table_id
    from in_case_system
    inner join episodes
        on
            in_case_system.miss_person_id = episodes.clae_person_id
            and in_case_system.miss_missing_episode_start_date >= episodes.clae_cla_episode_start_date
            and in_case_system.miss_missing_episode_start_date
            < coalesce(episodes.clae_cla_episode_ceased_date, date '9999-12-31')
    left join persons on in_case_system.miss_person_id = persons.person_id
    where in_case_system.miss_missing_episode_start_date < coalesce(persons.lives_until, date '9999-12-31')
),

from_case_system as (
    select
        in_case_system.miss_table_id as missing_id,
        'ssd_missing' as source_extract,
        in_case_system.miss_person_id as person_id,
        case when lower(in_case_system.miss_missing_episode_type) = 'away' then 1 else 0 end as is_away,
        in_case_system.miss_missing_episode_start_date as started_on,
        case
            when in_case_system.miss_missing_episode_end_date <= in_case_system.as_at
                then in_case_system.miss_missing_episode_end_date
        end as returned_on,
        cast(null as decimal(18, 6)) as hours,
        case
            when delivered.has_episodes = 0 then 'unknown'
            when during_care.miss_table_id is null then 'home'
            else 'care'
        end as setting,
        'unknown' as in_out_borough
    from in_case_system
    cross join delivered
    left join during_care on in_case_system.miss_table_id = during_care.miss_table_id
    where delivered.has_log = 0
),

incidents as (
    select * from from_log
    union all
    select * from from_case_system
)

select
    missing_id,
    source_extract,
    person_id,
    is_away,
    started_on,
    returned_on,
    hours,
    setting,
    in_out_borough,
    case
        when returned_on is null then 'still missing'
        when hours is null then 'not timed'
        when hours < 6 then 'under 6h'
        when hours < 24 then '6-24h'
        when hours <= 72 then '1-3 days'
        else 'over 3 days'
    end as duration_band
from incidents
