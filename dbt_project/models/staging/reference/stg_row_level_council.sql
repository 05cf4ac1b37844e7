with council as (
    select * from {{ source('reference', 'row_level_council') }}
)

select geography_code
from council
