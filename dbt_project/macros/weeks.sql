{# Days as weeks, to the millionth: what is measured of a case where families count in weeks. #}
{% macro weeks(days) -%}
    cast(({{ days }}) / 7.0 as decimal(18, 6))
{%- endmacro %}
