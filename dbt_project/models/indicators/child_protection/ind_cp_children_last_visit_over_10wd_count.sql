{% set at_first, at_last = limit('cp_unseen_limit_wd') + 1, limit('cp_visit_longer_wd') %}
with anchors as (
    select * from {{ ref('int_cp_visit_anchors') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
),

-- of several open plans the latest visit, or start of a plan, counts
unseen as (
    select
        month_ends.month_end,
        anchors.person_id,
        month_ends.working_day_number - max(anchors.working_day_number) as working_days
    from anchors
    inner join month_ends
        on
            anchors.anchor_on <= month_ends.month_end
            and anchors.stands_until > month_ends.month_end
    where anchors.person_id is not null
    group by month_ends.month_end, month_ends.working_day_number, anchors.person_id
)

select
    month_end as indicator_date,
    person_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator,
    case
        when working_days <= {{ at_last }} then '{{ at_first }} to {{ at_last }} working days'
        else 'over {{ at_last }} working days'
    end as unseen_for
from unseen
where working_days >= {{ at_first }}
