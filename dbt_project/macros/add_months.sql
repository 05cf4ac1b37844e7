{# The same day `months` months on (or back), cut to the last day of that month [G7]. #}
{% macro add_months(day, months) -%}
    cast({{ dbt.dateadd('month', months, day) }} as date)
{%- endmacro %}
