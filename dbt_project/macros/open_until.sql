{# The first day on which something no longer stands: the first of its `ends`, of which an empty one never
   comes. #}
{% macro open_until(ends) -%}
    {%- set days = [] -%}
    {%- for end in ends -%}
        {%- do days.append('coalesce(' ~ end ~ ", date '9999-12-31')") -%}
    {%- endfor -%}
    {{ days[0] if days | length == 1 else 'least(' ~ days | join(', ') ~ ')' }}
{%- endmacro %}

{# Whether `thing` stands at the end of `day` [G3]: it has begun by then, and ends later. #}
{% macro is_open(thing, day) -%}
    {{ thing }}.started_on <= {{ day }} and {{ thing }}.open_until > {{ day }}
{%- endmacro %}
