{# XmR control limits and signals over any series, by the NHS "Making Data Count" rules as the NHS-R
   package NHSRplotthedots applies them.

   `source` is a CTE or table with `keys`, `ordering` and: value, polarity (higher, lower, neutral),
   fix_after (the mean and the limits are those of the first so many points; empty: of all), screen
   (whether a moving range of 3.267 times the mean one or more is left out) and target. Runs do not
   cross the columns `within`: where only some rows of a group are judged, runs are made of those.
   Gives CTEs of which the last, xmr_points, adds to every row of `source`: point_no, mean,
   lower_limit, upper_limit (empty where no moving range is left), near_lower_limit,
   near_upper_limit, side of the mean (-1, 0, 1), rule, point_type and assurance.

   The side of the mean is reckoned in decimals: a floating-point mean puts a point that equals it
   on one side. A moving range of the limits uses points of the baseline only. #}
{% macro xmr(source, keys, ordering, within=[]) -%}
{{ xmr_limits(source, keys, ordering) }},

{{ xmr_signals(keys + within, ordering) }}
{%- endmacro %}
