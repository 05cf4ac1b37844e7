-- how many days may pass between visits, stretch by stretch of what regulation 28 looks at: the
-- placement, how long it has lasted, and with parents the order and whether a review has been held
with care_orders as (
    select * from {{ ref('int_care_orders') }}
    where legal_status = 'C1'
),

review_deliveries as (
    select count(*) as accepted
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cla_reviews' and delivery_month is not null
),

first_reviews as (
    select
        clar_cla_id as care_id,
        min(clar_cla_review_date) as reviewed_on
    from {{ ref('stg_ssd_cla_reviews') }}
    where coalesce(clar_cla_review_cancelled, 'N') <> 'Y'
    group by clar_cla_id
    having min(clar_cla_review_date) is not null
),

reviewed as (
    select
        placements.placement_id,
        placements.person_id,
        placements.placement_type,
        placements.started_on,
        placements.open_until,
        {{ add_months('placements.started_on', 12) }} as a_year_old_on,
        -- no reviews on file: the weeks before the first one cannot be told from those after
        case
            when review_deliveries.accepted = 0 then placements.started_on
            else coalesce(first_reviews.reviewed_on, date '9999-12-31')
        end as reviewed_on
    from {{ ref('int_placements') }} as placements
    cross join review_deliveries
    left join first_reviews on placements.care_id = first_reviews.care_id
    where placements.person_id is not null and placements.started_on < placements.open_until
),

changes as (
    select
        person_id,
        started_on as changed_on
    from reviewed
    union distinct
    select
        person_id,
        open_until as changed_on
    from reviewed
    union distinct
    select
        person_id,
        a_year_old_on as changed_on
    from reviewed
    union distinct
    select
        person_id,
        reviewed_on as changed_on
    from reviewed
    union distinct
    select
        person_id,
        started_on as changed_on
    from care_orders
    union distinct
    select
        person_id,
        open_until as changed_on
    from care_orders
),

stretches as (
    select
        person_id,
        changed_on as started_on,
        lead(changed_on) over (partition by person_id order by changed_on) as open_until
    from changes
),

-- of several placements the one that began last is where the child lives
lived as (
    select
        stretches.person_id,
        stretches.started_on,
        stretches.open_until,
        reviewed.placement_type,
        reviewed.a_year_old_on,
        reviewed.reviewed_on,
        row_number() over (
            partition by stretches.person_id, stretches.started_on
            order by reviewed.started_on desc, reviewed.placement_id desc
        ) as newest_first
    from stretches
    inner join reviewed
        on
            stretches.person_id = reviewed.person_id
            and stretches.started_on >= reviewed.started_on
            and stretches.started_on < reviewed.open_until
),

under_interim_order as (
    select distinct
        stretches.person_id,
        stretches.started_on
    from stretches
    inner join care_orders
        on
            stretches.person_id = care_orders.person_id
            and stretches.started_on >= care_orders.started_on
            and stretches.started_on < care_orders.open_until
)

select
    lived.person_id,
    lived.started_on,
    lived.open_until,
    lived.placement_type,
    case
        when
            lived.placement_type = '{{ limit("placed_with_parents") }}'
            and under_interim_order.person_id is not null
            then
                case
                    when lived.started_on >= lived.reviewed_on
                        then {{ limit('visit_days_with_parents') }}
                    else {{ limit('visit_days_before_review') }}
                end
        when
            lived.placement_type in (
                {{ as_list(limit('long_term_types')) }}
            )
            and lived.started_on >= lived.a_year_old_on
            then {{ limit('visit_days_long_term') }}
        else {{ limit('visit_days') }}
    end as interval_days
from lived
left join under_interim_order
    on
        lived.person_id = under_interim_order.person_id
        and lived.started_on = under_interim_order.started_on
where lived.newest_first = 1
