{# A figure from its parts. The denominator of a rate is already in ten-thousands [G15]; an empty
   or zero denominator has no value, never 0 or 100. #}
{% macro indicator_value(unit, numerator, denominator) -%}
    case
        when {{ unit }} = 'count' then {{ numerator }}
        when {{ denominator }} is null or {{ denominator }} = 0 then null
        when {{ unit }} = 'percent' then 100 * {{ numerator }} / {{ denominator }}
        else {{ numerator }} / {{ denominator }}
    end
{%- endmacro %}
