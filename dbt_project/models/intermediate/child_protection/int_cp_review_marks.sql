with plans as (
    select * from {{ ref('int_cp_plans') }}
),

-- a review held after the as-at day does not exist yet [G2]
reviews as (
    select * from {{ ref('stg_ssd_cp_reviews') }}
    where cppr_cp_review_date <= as_at
),

conferences as (
    select * from {{ ref('stg_ssd_initial_cp_conference') }}
),

-- a review that names no plan belongs to every plan of its child begun by then
held as (
    select
        plans.plan_id,
        reviews.cppr_cp_review_date as held_on
    from plans
    inner join {{ ref('int_cp_plan_numbers') }} as numbers on plans.plan_id = numbers.plan_id
    inner join reviews on numbers.any_plan_id = reviews.cppr_cp_plan_id
    where reviews.cppr_cp_review_date >= plans.started_on
    union distinct
    select
        plans.plan_id,
        reviews.cppr_cp_review_date as held_on
    from plans
    inner join reviews on plans.person_id = reviews.cppr_person_id
    where reviews.cppr_cp_plan_id is null and reviews.cppr_cp_review_date >= plans.started_on
),

-- the first review is timed from the conference, but never from one after the plan's start
beginnings as (
    select
        plans.plan_id,
        plans.started_on,
        plans.open_until,
        case
            when conferences.icpc_icpc_date <= plans.started_on then conferences.icpc_icpc_date
            else plans.started_on
        end as timed_from,
        conferences.icpc_icpc_date is not null as has_conference
    from plans
    left join conferences on plans.conference_id = conferences.icpc_icpc_id
),

-- a conference that is not there may have been held some days before the plan began
histories as (
    select
        plan_id,
        open_until,
        case
            when has_conference then timed_from
            else cast({{ dbt.dateadd('day', -31, 'started_on') }} as date)
        end as reviewed_from
    from beginnings
),

marks as (
    select
        plan_id,
        0 as is_review,
        started_on as marked_on,
        cast({{ dbt.dateadd('day', limit('cp_review_first_days'), 'timed_from') }} as date) as next_due_by
    from beginnings
    union all
    select
        plan_id,
        1 as is_review,
        held_on as marked_on,
        cast({{ dbt.dateadd('day', limit('cp_review_next_days'), 'held_on') }} as date) as next_due_by
    from held
),

judged as (
    select
        plan_id,
        is_review,
        marked_on,
        next_due_by,
        case
            when
                marked_on > lag(next_due_by) over (partition by plan_id order by marked_on, is_review)
                then 1
            else 0
        end as is_late,
        coalesce(
            lead(marked_on) over (partition by plan_id order by marked_on, is_review),
            date '9999-12-31'
        ) as stands_until
    from marks
)

-- one late review is remembered as long as the plan lasts
select
    judged.plan_id,
    judged.is_review,
    judged.marked_on,
    judged.stands_until,
    judged.next_due_by,
    sum(judged.is_late) over (
        partition by judged.plan_id
        order by judged.marked_on, judged.is_review
        rows between unbounded preceding and current row
    ) as late_so_far,
    histories.reviewed_from,
    histories.open_until
from judged
inner join histories on judged.plan_id = histories.plan_id
