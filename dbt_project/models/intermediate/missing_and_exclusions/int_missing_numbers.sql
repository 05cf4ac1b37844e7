-- two numbers for one child and the same minutes are one incident, known by the smaller number; days
-- alone do not tell, as a child may go missing twice in one
with logged as (
    select * from {{ ref('stg_ext_missing_episodes') }}
),

numbered as (
    select
        missing_id,
        time_precision,
        {{ known_by(
            'missing_id', 'person_id', ['missing_from_at', 'returned_at', 'time_precision', 'incident_type']
        ) }} as known_by
    from logged
)

select
    missing_id as any_missing_id,
    case when time_precision = 'minute' then known_by else missing_id end as missing_id
from numbered
