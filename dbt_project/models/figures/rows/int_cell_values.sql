with sides as (
    select * from {{ ref('int_cell_sides') }}
),

totals as (
    select * from sides
    where breakdown = 'total'
),

-- no figure for a month that no delivery speaks for, or that has no row where a row is the reading
delivered_days as (
    select * from {{ ref('int_delivered_days') }}
),

-- parts that are counted against a side of the whole
shares as (
    select * from {{ ref('stg_breakdowns') }}
    where share_of <> 'split'
),

covered as (
    select
        sides.*,
        case
            when shares.share_of = 'whole' then totals.denominator
            when shares.share_of = 'rest' then totals.denominator - totals.numerator
            else sides.denominator
        end as whole_denominator
    from sides
    inner join totals on sides.indicator_id = totals.indicator_id and sides.period_id = totals.period_id
    left join delivered_days
        on sides.indicator_id = delivered_days.indicator_id and sides.period_end = delivered_days.as_at
    left join shares on sides.indicator_id = shares.indicator_id and sides.breakdown = shares.breakdown
    where case sides.months_rule
        when 'delivered' then delivered_days.as_at is not null
        when 'with_rows' then totals.months_with_rows > 0
        else true
    end
)

select
    figure_id,
    indicator_id,
    geography_code,
    as_at,
    period_id,
    period_type,
    period_start,
    period_end,
    breakdown,
    breakdown_value,
    unit,
    is_position,
    maturity_wd,
    case
        when numerator is null then null
        when whole_denominator = 0 then 0
        else numerator
    end as numerator,
    whole_denominator as denominator,
    numerator_squares,
    case
        when time_basis = 'period_median' then median_value
        else {{ indicator_value('unit', 'numerator', 'whole_denominator') }}
    end as value
from covered
