with columns_filled as (
    select * from {{ source('reference', 'indicator_columns_filled') }}
)

select
    indicator_id,
    column_name
from columns_filled
