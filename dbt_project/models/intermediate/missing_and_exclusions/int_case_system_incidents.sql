with in_case_system as (
    select * from {{ ref('stg_ssd_missing') }}
),

episodes as (
    select * from {{ ref('stg_ssd_cla_episodes') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

-- the log wins whole once it was delivered, be it empty: the same incident stands in both sources
delivered as (
    select
        max(case when extract_name = 'ext_missing_episodes' then 1 else 0 end) as has_log,
        max(case when extract_name = 'ssd_cla_episodes' then 1 else 0 end) as has_episodes
    from {{ source('deliveries', 'accepted_deliveries') }}
    where delivery_month is not null
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
)

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
