with leavers as (
    select * from {{ ref('int_leavers_at_month_ends') }}
),

in_post as (
    select * from {{ ref('int_posts_at_month_ends') }}
    where agency_flag = 'N'
)

select
    month_end as indicator_date,
    post_id as subject_id,
    fte as numerator,
    cast(0 as decimal(18, 6)) as denominator
from leavers
union all
select
    month_end as indicator_date,
    post_id as subject_id,
    cast(0 as decimal(18, 6)) as numerator,
    fte as denominator
from in_post
