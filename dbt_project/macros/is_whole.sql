{# Whether a row names the whole of what its other rows are parts of, in any of the words for that. The
   words are these alone: "Total primary" is the total of a part. #}
{% macro is_whole(name) -%}
    upper({{ name }}) in (
        'ALL', 'ALL AREAS', 'ALL PHASES', 'ALL PUPILS', 'ALL SCHOOLS', 'ALL SERVICES', 'ALL STAFF',
        'ALL TEAMS', 'COUNCIL TOTAL', 'GRAND TOTAL', 'OVERALL', 'OVERALL TOTAL', 'SERVICE TOTAL', 'TOTAL',
        'TOTAL (ALL)', 'TOTAL (ALL PHASES)', 'TOTAL (ALL SCHOOLS)', 'TOTAL ALL', 'TOTAL ALL PHASES',
        'TOTAL ALL SCHOOLS', 'TOTAL ALL TEAMS', 'TOTAL COUNCIL', 'TOTAL PUPILS', 'TOTAL SERVICE', 'TOTALS',
        'WHOLE COUNCIL', 'WHOLE SERVICE'
    )
{%- endmacro %}
