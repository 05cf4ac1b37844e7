{# XmR control limits and signals over any series, by the NHS "Making Data Count" rules as the NHS-R
   package NHSRplotthedots applies them.

   `source` is a CTE or table with `keys`, `ordering` and: value, polarity (higher, lower, neutral),
   fix_after (the mean and the limits are those of the first so many points; empty: of all), screen
   (whether a moving range of 3.267 times the mean one or more is left out) and target.
   Gives CTEs of which the last, xmr_points, adds to every row of `source`: point_no, mean,
   lower_limit, upper_limit (empty where no moving range is left), near_lower_limit,
   near_upper_limit, side of the mean (-1, 0, 1), rule, point_type and assurance.

   The side of the mean is reckoned in decimals: a floating-point mean puts a point that equals it
   on one side. A moving range of the limits uses points of the baseline only. #}
{% macro xmr(source, keys, ordering) -%}
{%- set key = keys | join(', ') -%}
{%- set of_group = 'partition by ' ~ key -%}
{%- set in_order = of_group ~ ' order by ' ~ ordering -%}
xmr_numbered as (
    select
        *,
        cast(value as decimal(24, 12)) as exact_value,
        row_number() over ({{ in_order }}) as point_no
    from {{ source }}
),

xmr_ranges as (
    select
        *,
        coalesce(point_no <= fix_after, true) as in_baseline,
        exact_value - lag(exact_value) over ({{ in_order }}) as step
    from xmr_numbered
),

xmr_means as (
    select
        {{ key }},
        count(*) as baseline_points,
        sum(exact_value) as baseline_sum,
        avg(cast(abs(step) as double precision)) as mean_range
    from xmr_ranges
    where in_baseline
    group by {{ key }}
),

xmr_screened as (
    select
        {% for column in keys %}
        xmr_ranges.{{ column }},
        {% endfor %}
        cast(sum(abs(xmr_ranges.step)) as double precision) / count(*) as kept_range,
        count(distinct abs(xmr_ranges.step)) as distinct_ranges
    from xmr_ranges
    inner join xmr_means
        on
            {% for column in keys %}
            xmr_ranges.{{ column }} = xmr_means.{{ column }}
            and {% endfor %}xmr_ranges.in_baseline
    where
        xmr_ranges.step is not null
        and (not xmr_ranges.screen or cast(abs(xmr_ranges.step) as double precision) < 3.267 * xmr_means.mean_range)
    group by {% for column in keys %}xmr_ranges.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
),

xmr_limits as (
    select
        xmr_means.*,
        cast(xmr_means.baseline_sum as double precision) / xmr_means.baseline_points as mean,
        2.66 * xmr_screened.kept_range as distance,
        2.66 * xmr_screened.kept_range * 2 / 3 as near_distance,
        coalesce(xmr_screened.distinct_ranges, 0) as distinct_ranges
    from xmr_means
    left join xmr_screened
        on
            {% for column in keys %}
            xmr_means.{{ column }} = xmr_screened.{{ column }}{{ '\n            and ' if not loop.last }}
            {%- endfor %}
),

xmr_placed as (
    select
        xmr_ranges.*,
        xmr_limits.mean,
        xmr_limits.mean - xmr_limits.distance as lower_limit,
        xmr_limits.mean + xmr_limits.distance as upper_limit,
        xmr_limits.mean - xmr_limits.near_distance as near_lower_limit,
        xmr_limits.mean + xmr_limits.near_distance as near_upper_limit,
        xmr_limits.distinct_ranges,
        xmr_limits.baseline_points,
        cast(
            sign(xmr_ranges.exact_value * xmr_limits.baseline_points - xmr_limits.baseline_sum) as integer
        ) as side,
        cast(sign(xmr_ranges.step) as integer) as way
    from xmr_ranges
    inner join xmr_limits
        on
            {% for column in keys %}
            xmr_ranges.{{ column }} = xmr_limits.{{ column }}{{ '\n            and ' if not loop.last }}
            {%- endfor %}
),

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
        seven as ({{ in_order }} rows between 6 preceding and current row),
        six as ({{ in_order }} rows between 5 preceding and current row),
        three as ({{ in_order }} rows between 2 preceding and current row)
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
        next_six as ({{ in_order }} rows between current row and 6 following),
        next_two as ({{ in_order }} rows between current row and 2 following)
),

-- the point between two trends belongs to the way that it leads on
xmr_trends as (
    select
        *,
        case when lead(in_trend) over ({{ in_order }}) then lead(way) over ({{ in_order }}) else way end
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
