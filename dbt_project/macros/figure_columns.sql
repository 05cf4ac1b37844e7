{# What every figure is told by, of the relation `of`: which it is … #}
{% macro columns_of_its_period(of) -%}
    {{ of }}.indicator_id,
    {{ of }}.geography_code,
    {{ of }}.period_id,
    {{ of }}.period_type,
    {{ of }}.period_start,
    {{ of }}.period_end
{%- endmacro %}

{# … with its key and its part … #}
{% macro columns_of_its_place(of) -%}
    {{ of }}.figure_id,
    {{ columns_of_its_period(of) }},
    {{ of }}.breakdown,
    {{ of }}.breakdown_value
{%- endmacro %}

{# … and what it is. #}
{% macro columns_of_its_numbers(of) -%}
    {{ of }}.numerator,
    {{ of }}.denominator,
    {{ of }}.value
{%- endmacro %}
