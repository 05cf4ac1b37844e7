{# The second half of `xmr`: runs within the columns `within`, over xmr_placed, and what the rules make of
   each point. The last CTE is xmr_points. #}
{% macro xmr_signals(within, ordering) -%}
{%- set in_run = 'partition by ' ~ within | join(', ') ~ ' order by ' ~ ordering -%}
xmr_outside as (
    select
        *,
        case when value > upper_limit then 1 when value < lower_limit then -1 else 0 end as outside,
        coalesce(
            value between lower_limit and upper_limit
            and (value > near_upper_limit or value < near_lower_limit),
            false
        ) as is_close
    from xmr_placed
),

-- a run is seen at its last point: seven on one side, six steps one way, two of three close
xmr_runs_end as (
    select
        *,
        case
            when count(*) over seven = 7 and min(side) over seven = max(side) over seven then side else 0
        end as shift_ends,
        case
            when count(way) over six = 6 and min(way) over six = max(way) over six then way else 0
        end as trend_ends,
        case
            when
                count(*) over three = 3
                and min(side) over three = max(side) over three
                and sum(case when is_close then 1 else 0 end) over three >= 2
                then side
            else 0
        end as two_in_three_ends
    from xmr_outside
    window
        seven as ({{ in_run }} rows between 6 preceding and current row),
        six as ({{ in_run }} rows between 5 preceding and current row),
        three as ({{ in_run }} rows between 2 preceding and current row)
),

-- and every point of it is flagged
xmr_flagged as (
    select
        *,
        max(abs(shift_ends)) over next_six = 1 as in_shift,
        max(abs(trend_ends)) over next_six = 1 as in_trend,
        is_close and max(abs(two_in_three_ends)) over next_two = 1 as in_two_in_three
    from xmr_runs_end
    window
        next_six as ({{ in_run }} rows between current row and 6 following),
        next_two as ({{ in_run }} rows between current row and 2 following)
),

-- the point between two trends belongs to the way that it leads on
xmr_trends as (
    select
        *,
        case when lead(in_trend) over ({{ in_run }}) then lead(way) over ({{ in_run }}) else way end
            as trend_way
    from xmr_flagged
),

xmr_ruled as (
    select
        *,
        case
            when outside = 1 then 'Above UCL'
            when outside = -1 then 'Below LCL'
            when in_trend and trend_way > 0 then '7 Point Trend (Increasing)'
            when in_trend then '7 Point Trend (Decreasing)'
            when in_two_in_three and side > 0 then '2 in 3 Above CL'
            when in_two_in_three then '2 in 3 Below CL'
            when in_shift and side > 0 then '7 Points Above CL'
            when in_shift then '7 Points Below CL'
            else 'Common Cause'
        end as rule,
        case
            when outside <> 0 then outside
            when in_trend then trend_way
            when in_two_in_three or in_shift then side
            else 0
        end as signal
    from xmr_trends
),

xmr_points as (
    select
        *,
        case
            when signal = 0 then 'common_cause'
            when polarity = 'neutral' and signal > 0 then 'special_cause_neutral_high'
            when polarity = 'neutral' then 'special_cause_neutral_low'
            when (signal > 0) = (polarity = 'higher') then 'special_cause_improvement'
            else 'special_cause_concern'
        end as point_type,
        case
            when target is null or polarity = 'neutral' then null
            when target > upper_limit and polarity = 'higher' then 'consistent_fail'
            when target > upper_limit then 'consistent_pass'
            when target < lower_limit and polarity = 'higher' then 'consistent_pass'
            when target < lower_limit then 'consistent_fail'
            else 'inconsistent'
        end as assurance
    from xmr_ruled
)
{%- endmacro %}
