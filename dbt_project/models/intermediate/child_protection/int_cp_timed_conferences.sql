with conferences as (
    select * from {{ ref('stg_ssd_initial_cp_conference') }}
    where icpc_icpc_date is not null and icpc_icpc_transfer_in is distinct from 'Y'
),

enquiries as (
    select * from {{ ref('stg_ssd_s47_enquiry') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- siblings may share an enquiry's number: the child is part of its key
named as (
    select
        conferences.icpc_icpc_id,
        enquiries.s47e_s47_start_date
    from conferences
    inner join enquiries
        on
            conferences.icpc_s47_enquiry_id = enquiries.s47e_s47_enquiry_id
            and conferences.icpc_person_id = enquiries.s47e_person_id
),

latest_before as (
    select
        conferences.icpc_icpc_id,
        max(enquiries.s47e_s47_start_date) as s47e_s47_start_date
    from conferences
    inner join enquiries
        on
            conferences.icpc_person_id = enquiries.s47e_person_id
            and conferences.icpc_icpc_date >= enquiries.s47e_s47_start_date
    group by conferences.icpc_icpc_id
),

-- a named enquiry stands even where it makes no sense: no other one takes its place, but one that a
-- second number of the same child and day names; the conference is known by the smaller number
matched as (
    select
        min(conferences.icpc_icpc_id) as icpc_icpc_id,
        conferences.icpc_icpc_date,
        coalesce(
            max(
                case
                    when named.s47e_s47_start_date <= conferences.icpc_icpc_date
                        then named.s47e_s47_start_date
                end
            ),
            max(named.s47e_s47_start_date),
            max(latest_before.s47e_s47_start_date)
        ) as enquiry_started_on
    from conferences
    left join named on conferences.icpc_icpc_id = named.icpc_icpc_id
    left join latest_before on conferences.icpc_icpc_id = latest_before.icpc_icpc_id
    group by
        coalesce(conferences.icpc_person_id, conferences.icpc_icpc_id), conferences.icpc_icpc_date
)

select
    matched.icpc_icpc_id as conference_id,
    matched.icpc_icpc_date as held_on,
    matched.enquiry_started_on,
    held.working_day_number - started.working_day_number as working_days
from matched
inner join calendar as held on matched.icpc_icpc_date = held.calendar_date
inner join calendar as started on matched.enquiry_started_on = started.calendar_date
where matched.enquiry_started_on <= matched.icpc_icpc_date
