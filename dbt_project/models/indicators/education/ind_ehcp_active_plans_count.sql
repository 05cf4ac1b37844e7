with plans as (
    select * from {{ ref('stg_ssd_ehcp_named_plan') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
)

select
    month_ends.month_end as indicator_date,
    plans.ehcn_named_plan_id as subject_id,
    1 as numerator,
    cast(null as integer) as denominator
from plans
inner join month_ends
    on
        plans.ehcn_named_plan_start_date <= month_ends.month_end
        and coalesce(plans.ehcn_named_plan_ceased_date, date '9999-12-31') > month_ends.month_end
