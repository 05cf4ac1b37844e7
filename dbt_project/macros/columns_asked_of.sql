{# The columns that the indicators which are built (`asked_of`) have under `known`, each once. #}
{% macro columns_asked_of(known) -%}
    {%- set found = [] -%}
    {%- for id in asked_of(known) -%}
        {%- for column in known[id] if column not in found -%}
            {%- do found.append(column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
