with in_post as (
    select * from {{ ref('int_posts_at_month_ends') }}
)

-- a worker with two posts counts once
select distinct
    month_end as indicator_date,
    worker_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from in_post
where is_in_asye = 1
