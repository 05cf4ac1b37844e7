{# Red, amber or green by value, target, tolerance and polarity; empty where any is missing and for
   neutral indicators. Exactly on target is green, exactly on the edge of the tolerance amber. #}
{% macro rag(polarity, value, target, tolerance) -%}
    case
        when {{ value }} is null or {{ target }} is null then null
        when {{ polarity }} = 'higher' and {{ value }} >= {{ target }} then 'green'
        when {{ polarity }} = 'higher' and {{ value }} >= {{ target }} - {{ tolerance }} then 'amber'
        when {{ polarity }} = 'higher' then 'red'
        when {{ polarity }} = 'lower' and {{ value }} <= {{ target }} then 'green'
        when {{ polarity }} = 'lower' and {{ value }} <= {{ target }} + {{ tolerance }} then 'amber'
        when {{ polarity }} = 'lower' then 'red'
    end
{%- endmacro %}
