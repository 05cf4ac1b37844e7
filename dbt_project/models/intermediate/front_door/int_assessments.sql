-- two numbers for one child and the same days are one assessment, known by the smaller number
with numbered as (
    select
        *,
        min(cina_assessment_id) over (
            partition by
                coalesce(cina_person_id, cina_assessment_id),
                cina_assessment_start_date,
                cina_assessment_auth_date
        ) as assessment_id
    from {{ ref('stg_ssd_cin_assessments') }}
),

assessments as (
    select * from numbered
    where cina_assessment_id = assessment_id
),

reasons as (
    select * from {{ ref('stg_ext_assessment_delays') }}
),

referrals as (
    select * from {{ ref('stg_ssd_cin_episodes') }}
),

delays as (
    select
        numbered.assessment_id,
        max(reasons.delay_reason) as delay_reason
    from numbered
    inner join reasons on numbered.cina_assessment_id = reasons.assessment_id
    group by numbered.assessment_id
),

persons as (
    select * from {{ ref('int_persons') }}
),

delay_deliveries as (
    select count(*) as accepted
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_assessment_delays' and delivery_month is not null
),

-- the 45 days run from the assessment's own start, as in the census, or from its referral
clocks as (
    select
        assessments.cina_assessment_id as assessment_id,
        assessments.cina_assessment_start_date as assessment_start,
        referrals.cine_referral_date as referral_date
    from assessments
    left join referrals on assessments.cina_referral_id = referrals.cine_referral_id
)

select
    assessments.cina_assessment_id as assessment_id,
    assessments.cina_person_id as person_id,
    assessments.cina_assessment_start_date as started_on,
    clocks.{{ var('assessment_clock_start', 'assessment_start') }} as clock_started_on,
    assessments.cina_assessment_auth_date as authorised_on,
    -- the close of its referral does not end it
    {{ open_until(['assessments.cina_assessment_auth_date', 'persons.lives_until']) }} as open_until,
    case
        when delay_deliveries.accepted > 0 then coalesce(delays.delay_reason, 'not recorded')
    end as delay_reason
from assessments
cross join delay_deliveries
inner join clocks on assessments.cina_assessment_id = clocks.assessment_id
left join delays on assessments.cina_assessment_id = delays.assessment_id
left join persons on assessments.cina_person_id = persons.person_id
