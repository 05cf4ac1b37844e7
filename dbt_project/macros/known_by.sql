{# The number that something is known by which stands there under several: the smallest of those that one
   owner has for the same days. Where nobody owns it, each number is something of its own. #}
{% macro known_by(number, owner, days) -%}
    min({{ number }}) over (
        partition by coalesce({{ owner }}, {{ number }}), {{ days | join(', ') }}
    )
{%- endmacro %}
