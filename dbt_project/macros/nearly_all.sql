{# Two sides of figures are tied where they agree in so much of their rows, or of their periods: what differs
   in a few, as by late recording, is a tie all the same; that nearly all met a limit is no definition. #}
{% macro nearly_all() -%} 0.95 {%- endmacro %}
