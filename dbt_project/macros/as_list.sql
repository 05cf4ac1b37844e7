{# Words as a list of SQL texts, for `in (…)`. #}
{% macro as_list(words) -%}
    {%- for word in words -%} '{{ word }}' {{- ', ' if not loop.last }} {%- endfor -%}
{%- endmacro %}
