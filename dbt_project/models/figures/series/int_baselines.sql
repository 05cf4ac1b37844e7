with rebases as (
    select * from {{ ref('stg_rebases') }}
),

breaks as (
    select * from {{ ref('int_breaks') }}
)

select
    indicator_id,
    geography_code,
    from_month,
    reason
from breaks
union all
select
    rebases.indicator_id,
    rebases.geography_code,
    rebases.from_month,
    rebases.reason
from rebases
left join breaks
    on
        rebases.indicator_id = breaks.indicator_id
        and rebases.geography_code = breaks.geography_code
        and rebases.from_month = breaks.from_month
where breaks.indicator_id is null
