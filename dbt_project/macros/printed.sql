{# A figure as it is printed: half up to the places that its indicator has. Whatever is judged,
   compared or subtracted is this number, so that no verdict contradicts the page. #}
{% macro printed(value, decimals) -%}
    cast(
        case {{ decimals }}
            {%- for places in range(4) %}
            when {{ places }} then round(cast({{ value }} as decimal(18, 6)), {{ places }})
            {%- endfor %}
        end as decimal(18, 6)
    )
{%- endmacro %}

{# The same of a margin of error, which has one place at least. #}
{% macro printed_bound(bound, decimals) -%}
    {{ printed(bound, 'case when ' ~ decimals ~ ' > 1 then ' ~ decimals ~ ' else 1 end') }}
{%- endmacro %}
