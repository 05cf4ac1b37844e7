{# The keys of the figures, texts that every database makes alike: of a period its kind and the days it
   lies between (ISO 8601), of a figure the indicator, the area, the period, the breakdown and the part. #}
{% macro period_id(period_type, period_start, period_end) -%}
    {{ period_type }} || ' ' || cast({{ period_start }} as varchar(10))
    || '/' || cast({{ period_end }} as varchar(10))
{%- endmacro %}

{% macro figure_id(indicator_id, geography_code, period_id, breakdown="'total'", breakdown_value="'total'") -%}
    {{ indicator_id }} || '|' || {{ geography_code }} || '|' || {{ period_id }}
    || '|' || {{ breakdown }} || '|' || {{ breakdown_value }}
{%- endmacro %}

{# The key of a figure whichever the area: what councils of a pool add to one figure has the same. #}
{% macro pooled_id(indicator_id, period_id, breakdown, breakdown_value) -%}
    {{ indicator_id }} || '|' || {{ period_id }} || '|' || {{ breakdown }} || '|' || {{ breakdown_value }}
{%- endmacro %}
