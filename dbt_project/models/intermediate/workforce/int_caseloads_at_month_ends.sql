with posts as (
    select * from {{ ref('int_posts_at_month_ends') }}
),

allocated as (
    select * from {{ ref('int_allocated_workers') }}
),

workers as (
    select
        month_end,
        professional_id,
        cast(sum(fte) as decimal(18, 6)) as fte
    from posts
    where professional_id is not null
    group by month_end, professional_id
)

-- two involvements of one worker with one child are one case; a worker of the case system whom no
-- open post names is out, with the cases
select
    workers.month_end,
    workers.professional_id,
    count(distinct allocated.person_id) as cases,
    workers.fte
from workers
inner join allocated
    on
        workers.professional_id = allocated.professional_id
        and workers.month_end >= allocated.started_on
        and workers.month_end < allocated.open_until
group by workers.month_end, workers.professional_id, workers.fte
