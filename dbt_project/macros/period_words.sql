{# The month of a day by name: September. #}
{% macro month_name(day) -%}
    case extract(month from {{ day }})
        {%- for name in [
            'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
            'November', 'December'
        ] %}
        when {{ loop.index }} then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}

{# A year that runs over two by the first of them: 2019/20. #}
{% macro year_name(first_year) -%}
    cast({{ first_year }} as varchar(4)) || '/' || substring(cast({{ first_year }} + 1 as varchar(4)), 3, 2)
{%- endmacro %}
