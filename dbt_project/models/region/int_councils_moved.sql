-- what moved since the same period a year before, and by how much at least and at most as far as chance
-- allows on both sides: Newcombe's interval, and by Zou and Donner (2008) the same for rates, counts and
-- means from their own intervals
with figures as (
    select * from {{ ref('int_council_intervals') }}
),

pairs as (
    select
        now.figure_id,
        now.polarity,
        cast(now.printed_value - a_year_before.printed_value as decimal(18, 6)) as change,
        a_year_before.value as value_before,
        now.double_value as value_now,
        now.lower_bound as lower_now,
        now.upper_bound as upper_now,
        a_year_before.double_value as value_then,
        a_year_before.lower_bound as lower_then,
        a_year_before.upper_bound as upper_then
    from figures as now
    inner join figures as a_year_before
        on
            now.geography_code = a_year_before.geography_code
            and now.indicator_id = a_year_before.indicator_id
            and now.period_type = a_year_before.period_type
            and a_year_before.period_start = {{ add_months('now.period_start', -12) }}
    -- a year to date is as long then as now
    where a_year_before.period_end + 1 = {{ add_months('(now.period_end + 1)', -12) }}
),

bounded as (
    select
        *,
        {{ newcombe(
            'lower', 'value_now', 'lower_now', 'upper_now', 'value_then', 'lower_then', 'upper_then'
        ) }} as change_lower,
        {{ newcombe(
            'upper', 'value_now', 'lower_now', 'upper_now', 'value_then', 'lower_then', 'upper_then'
        ) }} as change_upper
    from pairs
)

select
    figure_id,
    value_before,
    change,
    change_lower,
    change_upper,
    case
        when change_lower is null then null
        when change_lower <= 0 and change_upper >= 0 then 'similar'
        when polarity = 'neutral' then case when change_lower > 0 then 'higher' else 'lower' end
        when (change_lower > 0) = (polarity = 'higher') then 'better'
        else 'worse'
    end as moved
from bounded
