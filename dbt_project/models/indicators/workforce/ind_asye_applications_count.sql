with intakes as (
    select * from {{ ref('stg_ext_asye_intakes') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
    where month_index % 12 = 4 and day_of_month = 1
)

-- an intake belongs to the financial year that begins in its year, here by its 1 April
select
    calendar.calendar_date as indicator_date,
    intakes.intake_year as subject_id,
    intakes.applications as numerator,
    cast(null as integer) as denominator
from intakes
inner join calendar on intakes.intake_year = cast(calendar.financial_year as varchar(4))
