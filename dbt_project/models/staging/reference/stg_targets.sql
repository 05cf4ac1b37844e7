with targets as (
    select * from {{ source('reference', 'targets') }}
),

authorities as (
    select * from {{ ref('stg_authorities') }}
)

-- a target that nobody has agreed judges the synthetic council only
select
    targets.geography_code,
    targets.indicator_id,
    targets.valid_from,
    targets.target,
    targets.tolerance,
    targets.target_kind,
    targets.target_status,
    coalesce(targets.valid_to, date '9999-12-31') as valid_until,
    targets.target_status = 'agreed' or authorities.authority_status = 'synthetic' as is_in_force
from targets
inner join authorities on targets.geography_code = authorities.geography_code
