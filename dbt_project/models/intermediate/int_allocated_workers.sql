with involvements as (
    select * from {{ ref('stg_ssd_involvements') }}
),

professionals as (
    select * from {{ ref('stg_ssd_professionals') }}
    where prof_has_registration = 'Y'
),

referrals as (
    select * from {{ ref('stg_ssd_cin_episodes') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

-- some systems name the referral instead of the child
of_children as (
    select
        involvements.invo_involvements_id,
        involvements.invo_professional_id,
        involvements.invo_involvement_start_date,
        involvements.invo_involvement_end_date,
        involvements.invo_worker_change_reason,
        coalesce(involvements.invo_person_id, referrals.cine_person_id) as person_id
    from involvements
    inner join professionals on involvements.invo_professional_id = professionals.prof_professional_id
    left join referrals on involvements.invo_referral_id = referrals.cine_referral_id
    where involvements.invo_professional_role_id = 'allocated_social_worker'
)

select
    of_children.invo_involvements_id as involvement_id,
    of_children.person_id,
    of_children.invo_professional_id as professional_id,
    of_children.invo_involvement_start_date as started_on,
    {{ open_until(['of_children.invo_involvement_end_date', 'persons.lives_until']) }} as open_until,
    of_children.invo_worker_change_reason as change_reason
from of_children
left join persons on of_children.person_id = persons.person_id
where of_children.person_id is not null
