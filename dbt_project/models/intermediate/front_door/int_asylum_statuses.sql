with statuses as (
    select * from {{ ref('stg_ssd_immigration_status') }}
    where immi_immigration_status = 'UASC'
),

persons as (
    select * from {{ ref('int_persons') }}
),

of_children as (
    select
        statuses.immi_immigration_status_id as status_id,
        statuses.immi_person_id as person_id,
        statuses.immi_immigration_status_start_date as started_on,
        statuses.immi_immigration_status_end_date as ended_on,
        persons.birth_date,
        {{ add_months('persons.birth_date', 216) }} as eighteen_years_on -- 18 years
    from statuses
    left join persons on statuses.immi_person_id = persons.person_id
    where statuses.immi_person_id is not null
),

-- who was born on 29 February is 18 the day after [G10]
birthdays as (
    select
        status_id,
        case
            when {{ age_in_years('birth_date', 'eighteen_years_on') }} < 18
                then cast({{ dbt.dateadd('day', 1, 'eighteen_years_on') }} as date)
            else eighteen_years_on
        end as adult_on
    from of_children
)

select
    of_children.status_id,
    of_children.person_id,
    coalesce(of_children.started_on, date '1900-01-01') as started_on,
    coalesce(of_children.ended_on, birthdays.adult_on, date '9999-12-31') as open_until
from of_children
inner join birthdays on of_children.status_id = birthdays.status_id
