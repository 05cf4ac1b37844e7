{# Of the indicators `known` those that are built: all, or the one that `make check` asks for. Where it
   is none of them, as it has no SQL of its own, the first stands in, so that there is one to read. #}
{% macro asked_of(known) -%}
    {%- set asked = env_var('KPI_INDICATOR', '') -%}
    {{ return((([asked] if asked in known else known | list)[:1]) if asked else known | list) }}
{%- endmacro %}
