with bank_holidays as (
    select * from {{ source('reference', 'bank_holidays') }}
)

select
    holiday_date,
    holiday_name
from bank_holidays
