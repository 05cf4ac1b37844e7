-- the council whose rows are delivered here
with council as (
    select * from {{ ref('stg_row_level_council') }}
),

authorities as (
    select * from {{ ref('stg_authorities') }}
)

select
    council.geography_code,
    cast(authorities.old_la_code as varchar(3)) as la_code
from council
inner join authorities on council.geography_code = authorities.geography_code
