with legal_statuses as (
    select * from {{ ref('stg_ssd_legal_status') }}
    where lega_person_id is not null
),

persons as (
    select * from {{ ref('int_persons') }}
),

-- orders that are neither short breaks nor care say nothing [G17]
statuses as (
    select
        legal_statuses.lega_person_id as person_id,
        case when legal_statuses.lega_legal_status in ('V3', 'V4') then 1 else 0 end as short_breaks,
        case when legal_statuses.lega_legal_status in ('V3', 'V4') then 0 else 1 end as care_statuses,
        legal_statuses.lega_legal_status_start_date as started_on,
        {{ open_until(['legal_statuses.lega_legal_status_end_date', 'persons.lives_until']) }} as open_until
    from legal_statuses
    left join persons on legal_statuses.lega_person_id = persons.person_id
    where
        legal_statuses.lega_legal_status in (
            'V3', 'V4', 'C1', 'C2', 'D1', 'E1', 'V2', 'J1', 'J2', 'J3', 'L1', 'L2', 'L3'
        )
),

changes as (
    select
        person_id,
        started_on as changed_on,
        short_breaks,
        care_statuses
    from statuses
    where started_on < open_until
    union all
    select
        person_id,
        open_until as changed_on,
        -short_breaks as short_breaks,
        -care_statuses as care_statuses
    from statuses
    where started_on < open_until
),

by_day as (
    select
        person_id,
        changed_on,
        sum(short_breaks) as short_breaks,
        sum(care_statuses) as care_statuses
    from changes
    group by person_id, changed_on
),

stretches as (
    select
        person_id,
        changed_on as started_on,
        lead(changed_on) over (partition by person_id order by changed_on) as open_until,
        sum(short_breaks) over (partition by person_id order by changed_on) as short_breaks_open,
        sum(care_statuses) over (partition by person_id order by changed_on) as care_statuses_open
    from by_day
)

select
    person_id,
    started_on,
    open_until
from stretches
where short_breaks_open > 0 and care_statuses_open = 0
