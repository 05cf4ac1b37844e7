with row_figures as (
    select * from {{ ref('int_row_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
),

part_sums as (
    select
        parts.indicator_id,
        parts.breakdown,
        indicators.time_basis,
        coalesce(breakdowns.makes_whole, false) as is_whole,
        totals.numerator,
        totals.denominator,
        sum(parts.numerator) as parts_numerator,
        sum(parts.denominator) as parts_denominator,
        max(parts.numerator) as largest_numerator
    from row_figures as parts
    inner join indicators on parts.indicator_id = indicators.indicator_id
    inner join row_figures as totals
        on
            parts.indicator_id = totals.indicator_id
            and parts.period_id = totals.period_id
            and totals.breakdown = 'total'
    left join breakdowns
        on parts.indicator_id = breakdowns.indicator_id and parts.breakdown = breakdowns.breakdown
    -- reasons are counted against the whole, and a case may have several
    where parts.breakdown <> 'total' and coalesce(breakdowns.share_of, 'split') = 'split'
    group by
        parts.indicator_id,
        parts.breakdown,
        parts.period_id,
        indicators.time_basis,
        breakdowns.makes_whole,
        totals.numerator,
        totals.denominator
)

select
    indicator_id,
    'PARTS-NOT-WHOLE' as rule
from part_sums
where
    is_whole
    and case
        when time_basis = 'period_distinct_count' then parts_numerator < numerator
        else parts_numerator <> numerator or parts_denominator <> denominator
    end
union all
select
    indicator_id,
    'PARTS-ABOVE-WHOLE' as rule
from part_sums
where
    case
        when time_basis = 'period_distinct_count' then largest_numerator > numerator
        else parts_numerator > numerator or parts_denominator > denominator
    end
