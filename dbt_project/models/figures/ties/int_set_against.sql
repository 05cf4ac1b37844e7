with indicator_months as (
    select * from {{ ref('int_indicator_months') }}
),

breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
    where share_of <> 'split'
),

-- what a part is set against is printed as its denominator, whether the whole is or not
shares as (
    select distinct
        indicator_months.indicator_id,
        indicator_months.breakdown,
        indicator_months.breakdown_value,
        case breakdowns.share_of when 'rest' then 'm' else 'd' end as of_side
    from indicator_months
    inner join breakdowns
        on
            indicator_months.indicator_id = breakdowns.indicator_id
            and indicator_months.breakdown = breakdowns.breakdown
)

select
    indicator_id,
    breakdown,
    breakdown_value,
    'd' as side,
    indicator_id as other_indicator_id,
    'total' as other_breakdown,
    'total' as other_breakdown_value,
    of_side as other_side
from shares
union all
select
    indicator_id,
    'total' as breakdown,
    'total' as breakdown_value,
    of_side as side,
    indicator_id as other_indicator_id,
    breakdown as other_breakdown,
    breakdown_value as other_breakdown_value,
    'd' as other_side
from shares
