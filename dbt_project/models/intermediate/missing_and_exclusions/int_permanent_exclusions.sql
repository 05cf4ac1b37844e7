-- overturned by the last day of the delivery: never happened, in whatever period it lay
with exclusions as (
    select * from {{ ref('stg_ext_exclusions') }}
)

select
    exclusion_id,
    exclusion_start_date as excluded_on,
    coalesce(lower(school_phase), 'unknown') as phase
from exclusions
where upper(exclusion_type) = 'PERM' and coalesce(overturned_date, date '9999-12-31') > as_at
