with anchors as (
    select * from {{ ref('int_cp_visit_anchors') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
)

-- of several open plans the latest visit, or start of a plan, counts
select
    month_ends.month_end as indicator_date,
    anchors.person_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from anchors
inner join month_ends
    on
        anchors.anchor_on <= month_ends.month_end
        and anchors.stands_until > month_ends.month_end
where anchors.person_id is not null
group by month_ends.month_end, month_ends.working_day_number, anchors.person_id
having
    month_ends.working_day_number - max(anchors.working_day_number) > {{ limit('cp_unseen_limit_wd') }}
