-- overturned by the last day of the delivery: never happened, in whatever period it lay; two numbers
-- for one pupil and the same day are one exclusion, known by the smaller number
with exclusions as (
    select * from {{ ref('stg_ext_exclusions') }}
)

select
    min(exclusion_id) as exclusion_id,
    exclusion_start_date as excluded_on,
    coalesce(max(lower(school_phase)), 'unknown') as phase
from exclusions
where upper(exclusion_type) = 'PERM' and coalesce(overturned_date, date '9999-12-31') > as_at
group by coalesce(pupil_id, exclusion_id), exclusion_start_date
