{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_calendar'}}}) }}

-- after the last holiday in the seed every weekday would count as a working day
with deliveries as (
    select max(as_at) as as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
),

holidays as (
    select max(holiday_date) as last_holiday
    from {{ ref('stg_bank_holidays') }}
)

select
    deliveries.as_at,
    holidays.last_holiday
from deliveries
cross join holidays
where holidays.last_holiday < {{ add_months('deliveries.as_at', 12) }}
