with care_leavers as (
    select * from {{ ref('stg_ssd_care_leavers') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
),

-- each delivery speaks for its own month end; a contact after it is not yet known then [G2, G20]
delivered as (
    select
        month_ends.month_end,
        care_leavers.clea_person_id as person_id,
        care_leavers.clea_care_leaver_eligibility as eligibility,
        care_leavers.clea_care_leaver_in_touch as in_touch,
        care_leavers.clea_care_leaver_accommodation as accommodation,
        care_leavers.clea_care_leaver_accom_suitable as suitable,
        care_leavers.clea_care_leaver_activity as activity,
        case
            when care_leavers.clea_care_leaver_latest_contact <= care_leavers.as_at
                then care_leavers.clea_care_leaver_latest_contact
        end as latest_contact,
        case care_leavers.clea_care_leaver_eligibility
            when 'Former Relevant' then 1
            when 'Relevant' then 2
            when 'Qualifying' then 3
            when 'Eligible' then 4
            else 5
        end as eligibility_order
    from care_leavers
    inner join month_ends on care_leavers.as_at = month_ends.month_end
    where care_leavers.clea_person_id is not null
),

-- never by the row's number, which is a new one at every run
ordered as (
    select
        month_end,
        person_id,
        eligibility,
        in_touch,
        accommodation,
        suitable,
        activity,
        row_number() over (
            partition by month_end, person_id
            order by
                latest_contact desc nulls last,
                eligibility_order asc,
                in_touch asc nulls last,
                accommodation asc nulls last,
                suitable asc nulls last,
                activity asc nulls last
        ) as newest_first
    from delivered
),

aged as (
    select
        ordered.month_end,
        ordered.person_id,
        ordered.eligibility,
        ordered.in_touch,
        ordered.accommodation,
        ordered.suitable,
        ordered.activity,
        {{ age_in_years('persons.birth_date', 'ordered.month_end') }} as age_in_years
    from ordered
    inner join persons on ordered.person_id = persons.person_id
    where ordered.newest_first = 1 and ordered.month_end < persons.lives_until
)

select
    month_end,
    person_id,
    eligibility,
    in_touch,
    accommodation,
    suitable,
    activity,
    age_in_years,
    case when age_in_years <= 18 then '17-18' else '19-21' end as age_part
from aged
where
    eligibility in ('Relevant', 'Former Relevant')
    and age_in_years between {{ limit('care_leaver_age_from') }} and {{ limit('care_leaver_age_to') }}
    and coalesce(in_touch, '') not in ('DIED', 'RHOM')
