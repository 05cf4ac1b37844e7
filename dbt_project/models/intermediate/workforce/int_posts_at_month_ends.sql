with posts as (
    select * from {{ ref('int_posts') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
)

-- the last day employed is no longer in post [G3]
select
    month_ends.month_end,
    posts.post_id,
    posts.worker_id,
    posts.professional_id,
    posts.fte,
    posts.agency_flag,
    case
        when posts.asye_started_on <= month_ends.month_end and posts.asye_open_until > month_ends.month_end
            then 1
        else 0
    end as is_in_asye
from posts
inner join month_ends
    on
        {{ is_open('posts', 'month_ends.month_end') }}
