with weighed as (
    select * from {{ ref('int_weighed_events') }}
    where unit = 'count' and n > 0
),

-- children are no more than what happened to them: the rows of both lie on the same days
days as (
    select
        indicator_id,
        breakdown,
        breakdown_value,
        indicator_date,
        time_basis,
        count(*) as on_the_day
    from weighed
    group by indicator_id, breakdown, breakdown_value, indicator_date, time_basis
),

day_totals as (
    select
        indicator_id,
        breakdown,
        breakdown_value,
        sum(on_the_day) as in_all
    from days
    group by indicator_id, breakdown, breakdown_value
),

same_days as (
    select
        children.indicator_id,
        children.breakdown,
        children.breakdown_value,
        happened.indicator_id as other_indicator_id,
        happened.breakdown as other_breakdown,
        happened.breakdown_value as other_breakdown_value,
        sum(
            case
                when children.on_the_day < happened.on_the_day then children.on_the_day
                else happened.on_the_day
            end
        ) as together
    from days as children
    inner join days as happened on children.indicator_date = happened.indicator_date
    where children.time_basis = 'period_distinct_count' and happened.time_basis = 'period_flow_count'
    group by
        children.indicator_id,
        children.breakdown,
        children.breakdown_value,
        happened.indicator_id,
        happened.breakdown,
        happened.breakdown_value
)

select
    same_days.indicator_id,
    same_days.breakdown,
    same_days.breakdown_value,
    'n' as side,
    same_days.other_indicator_id,
    same_days.other_breakdown,
    same_days.other_breakdown_value,
    'n' as other_side
from same_days
inner join day_totals as children
    on
        same_days.indicator_id = children.indicator_id
        and same_days.breakdown = children.breakdown
        and same_days.breakdown_value = children.breakdown_value
inner join day_totals as happened
    on
        same_days.other_indicator_id = happened.indicator_id
        and same_days.other_breakdown = happened.breakdown
        and same_days.other_breakdown_value = happened.breakdown_value
where
    same_days.together >= {{ nearly_all() }} * children.in_all
    and children.in_all >= 0.5 * happened.in_all
