with returns as (
    select * from {{ ref('int_missing_incidents') }}
    where source_extract = 'ext_missing_episodes' and returned_on is not null
),

interviews as (
    select * from {{ ref('stg_ext_return_interviews') }}
),

numbers as (
    select * from {{ ref('int_missing_numbers') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_return_interviews' and is_newest
),

-- several records of one incident, under whatever number, are read together: what any of them says, and
-- the earliest interview since the return that had been held by the last day of the delivery [G2]
recorded as (
    select
        returns.missing_id,
        count(interviews.rhi_id) as records,
        max(case when interviews.interview_needed = 'Y' then 1 else 0 end) as is_needed,
        max(case when interviews.accepted = 'Y' then 1 else 0 end) as is_accepted,
        max(case when interviews.accepted = 'N' then 1 else 0 end) as is_refused,
        min(
            case
                when interviews.interview_completed_date between returns.returned_on and interviews.as_at
                    then interviews.interview_completed_date
            end
        ) as held_on
    from returns
    inner join numbers on returns.missing_id = numbers.missing_id
    left join interviews on numbers.any_missing_id = interviews.missing_id
    group by returns.missing_id
),

clocked as (
    select
        returns.missing_id,
        returns.returned_on,
        returns.setting,
        returns.in_out_borough,
        {{ age_in_years('persons.birth_date', 'returns.returned_on') }} as age_in_years,
        case
            when recorded.records = 0 and returns.is_away = 0
                then {{ 1 if var('rhi_missing_row_counts') else 0 }}
            else recorded.is_needed
        end as is_needed,
        case when recorded.is_refused = 1 and recorded.is_accepted = 0 then 1 else 0 end as is_declined,
        held_day.working_day_number - return_day.working_day_number as working_days_to_interview,
        held_day.day_number - return_day.day_number as days_to_interview,
        newest_day.working_day_number - return_day.working_day_number as working_days_known,
        newest_day.day_number - return_day.day_number as days_known
    from returns
    inner join recorded on returns.missing_id = recorded.missing_id
    left join persons on returns.person_id = persons.person_id
    inner join calendar as return_day on returns.returned_on = return_day.calendar_date
    left join calendar as held_day on recorded.held_on = held_day.calendar_date
    cross join deliveries
    inner join calendar as newest_day on deliveries.as_at = newest_day.calendar_date
)

-- those that an interview was needed after; it was not held while its days are empty
select
    missing_id,
    returned_on,
    setting,
    in_out_borough,
    {{ age_band('age_in_years') }} as age_band,
    working_days_to_interview,
    days_to_interview,
    working_days_known,
    days_known,
    is_declined
from clocked
where is_needed = 1
