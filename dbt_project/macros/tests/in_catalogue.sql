{# The id is one of vars.indicators. #}
{% test in_catalogue(model, column_name) %}
select 1 as unknown_id
from {{ model }}
where {{ column_name }} not in (
    {%- for indicator in var('indicators') %}'{{ indicator.id }}'{{ ', ' if not loop.last }}{% endfor -%}
)
{% endtest %}
