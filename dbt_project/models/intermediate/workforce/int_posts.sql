{# turnover_voluntary_only: only those who resigned are leavers, as some councils count. #}
{% set voluntary_only = var('turnover_voluntary_only', false) %}

with delivered as (
    select * from {{ ref('stg_ext_workforce_workers') }}
),

-- child and family social workers, by the roles of the workforce census; a post that begins after
-- the last day of the delivery does not exist yet [G2]
posts as (
    select
        cast(worker_id || ' ' || cast(role_start_date as varchar(10)) as varchar(100)) as post_id,
        worker_id,
        professional_id,
        fte,
        agency_flag,
        role_start_date as started_on,
        role_end_date as ended_on,
        {{ open_until(['role_end_date']) }} as open_until,
        asye_start_date as asye_started_on,
        {{ open_until(['asye_end_date']) }} as asye_open_until,
        leaving_reason
    from delivered
    where org_role in ('1', '2', '3', '4', '5', '6') and role_start_date <= as_at
),

-- a move: another permanent post of the worker lasts longer and had begun by the day after
moves as (
    select distinct posts.post_id
    from posts
    inner join posts as next_posts
        on
            posts.worker_id = next_posts.worker_id
            and posts.ended_on < next_posts.open_until
            and posts.ended_on
            >= cast({{ dbt.dateadd('day', -limit('move_gap_days'), 'next_posts.started_on') }} as date)
    where next_posts.agency_flag = 'N'
)

select
    posts.post_id,
    posts.worker_id,
    posts.professional_id,
    posts.fte,
    posts.agency_flag,
    posts.started_on,
    posts.open_until,
    case
        when posts.agency_flag <> 'N' or moves.post_id is not null then null
        {% if voluntary_only %}
        when posts.leaving_reason is null or posts.leaving_reason <> '1' then null -- 1: resignation
        {% endif %}
        else posts.ended_on
    end as left_on,
    posts.asye_started_on,
    posts.asye_open_until
from posts
left join moves on posts.post_id = moves.post_id
