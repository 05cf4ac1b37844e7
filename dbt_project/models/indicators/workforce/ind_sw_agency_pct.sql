with in_post as (
    select * from {{ ref('int_posts_at_month_ends') }}
)

select
    month_end as indicator_date,
    post_id as subject_id,
    case when agency_flag = 'Y' then fte else 0 end as numerator,
    fte as denominator
from in_post
