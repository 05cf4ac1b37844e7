{# Every row has a value in each of `columns`: one test instead of one for each. #}
{% test filled(model, columns) %}
select 1 as empty_cell
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
