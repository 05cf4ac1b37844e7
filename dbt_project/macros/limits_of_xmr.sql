{# The first half of `xmr`: every point by its number, with the mean and the limits of its group and the side
   of the mean that it lies on. The last CTE is xmr_placed. #}
{% macro xmr_limits(source, keys, ordering) -%}
{%- set key = keys | join(', ') -%}
{%- set in_order = 'partition by ' ~ key ~ ' order by ' ~ ordering -%}
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
        avg(cast(abs(step) as {{ double() }})) as mean_range
    from xmr_ranges
    where in_baseline
    group by {{ key }}
),

xmr_screened as (
    select
        {% for column in keys %}
        xmr_ranges.{{ column }},
        {% endfor %}
        cast(sum(abs(xmr_ranges.step)) as {{ double() }}) / count(*) as kept_range,
        count(distinct abs(xmr_ranges.step)) as distinct_ranges
    from xmr_ranges
    inner join xmr_means
        on
            {% for column in keys %}
            xmr_ranges.{{ column }} = xmr_means.{{ column }}
            and {% endfor %}xmr_ranges.in_baseline
    where
        xmr_ranges.step is not null
        and (not xmr_ranges.screen or cast(abs(xmr_ranges.step) as {{ double() }}) < 3.267 * xmr_means.mean_range)
    group by {% for column in keys %}xmr_ranges.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
),

xmr_limits as (
    select
        xmr_means.*,
        cast(xmr_means.baseline_sum as {{ double() }}) / xmr_means.baseline_points as mean,
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
)
{%- endmacro %}
