{# Whether a row names the whole of what its other rows are parts of, in any of the words for that. #}
{% macro is_whole(name) -%}
    (
        upper({{ name }}) in (
            'ALL', 'ALL AREAS', 'ALL PHASES', 'ALL PUPILS', 'ALL SCHOOLS', 'ALL SERVICES', 'ALL STAFF',
            'ALL TEAMS', 'OVERALL', 'WHOLE COUNCIL', 'WHOLE SERVICE'
        )
        or upper({{ name }}) like 'TOTAL%'
        or upper({{ name }}) like '% TOTAL%'
    )
{%- endmacro %}
