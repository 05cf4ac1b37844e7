{# Every row fulfils `expression`; a row for which it is unknown fails. #}
{% test expression_is_true(model, expression) %}
select 1 as broken
from {{ model }}
where ({{ expression }}) is not true
{% endtest %}
