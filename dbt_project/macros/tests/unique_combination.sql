{# The key: no two rows agree on all of `columns`. #}
{% test unique_combination(model, columns) %}
select count(*) as rows_with_this_key
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
