with posts as (
    select * from {{ ref('int_posts') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
)

-- twelve months, open at their early end [G8]
select
    month_ends.month_end,
    posts.post_id,
    posts.fte
from posts
inner join month_ends
    on
        posts.left_on > month_ends.year_before
        and posts.left_on <= month_ends.month_end
