with assessments as (
    select * from {{ ref('int_assessments') }}
),

asylum_statuses as (
    select * from {{ ref('int_asylum_statuses') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

asylum_deliveries as (
    select count(*) as accepted
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_immigration_status' and delivery_month is not null
),

-- without a start of the clock, or with one after the end, there is nothing to time [G6]
authorised as (
    select
        assessments.assessment_id,
        assessments.person_id,
        assessments.delay_reason,
        assessments.authorised_on as counted_on,
        'authorised' as counted_as,
        ended.working_day_number - started.working_day_number as working_days
    from assessments
    inner join calendar as started on assessments.clock_started_on = started.calendar_date
    inner join calendar as ended on assessments.authorised_on = ended.calendar_date
    where assessments.clock_started_on <= assessments.authorised_on
),

-- how long one has been open always runs from its own start
open_at_month_ends as (
    select
        assessments.assessment_id,
        assessments.person_id,
        assessments.delay_reason,
        month_ends.month_end as counted_on,
        'open' as counted_as,
        month_ends.working_day_number - started.working_day_number as working_days
    from assessments
    inner join calendar as started on assessments.started_on = started.calendar_date
    inner join {{ ref('int_month_ends') }} as month_ends
        on
            {{ is_open('assessments', 'month_ends.month_end') }}
),

counted as (
    select * from authorised
    union all
    select * from open_at_month_ends
),

seeking_asylum as (
    select distinct
        counted.person_id,
        counted.counted_on
    from counted
    inner join asylum_statuses
        on
            counted.person_id = asylum_statuses.person_id
            and counted.counted_on >= asylum_statuses.started_on
            and counted.counted_on < asylum_statuses.open_until
)

select
    counted.assessment_id,
    counted.counted_on,
    counted.counted_as,
    counted.working_days,
    counted.delay_reason,
    case
        when asylum_deliveries.accepted = 0 then null
        when seeking_asylum.person_id is not null then 'Y'
        else 'N'
    end as uasc
from counted
cross join asylum_deliveries
left join seeking_asylum
    on
        counted.person_id = seeking_asylum.person_id
        and counted.counted_on = seeking_asylum.counted_on
