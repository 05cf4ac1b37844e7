{# The age bands in which DfE publishes children looked after; the youngest two are one. #}
{% macro age_band(age) -%}
    case
        when {{ age }} is null then 'unknown'
        when {{ age }} < 5 then '0-4'
        when {{ age }} < 10 then '5-9'
        when {{ age }} < 16 then '10-15'
        else '16+'
    end
{%- endmacro %}
