{# Why a comparison is missing, in words; empty where England and neighbours are both there. #}
{% macro benchmark_reason(none_reason, unit, england_value, neighbours_value, neighbours_present) -%}
    case
        when {{ none_reason }} is not null then {{ none_reason }}
        when {{ unit }} = 'count'
            then 'A count depends on the size of the area: it is not compared with other areas.'
        when {{ england_value }} is null and {{ neighbours_value }} is null
            then 'No official figure for a period ended by then is held.'
        when {{ neighbours_value }} is null and {{ neighbours_present }} is not null
            then
                'Only ' || cast({{ neighbours_present }} as varchar(10))
                || ' of 10 statistical neighbours have a published figure: too few for a mean.'
        when {{ neighbours_value }} is null then 'No statistical neighbour has a published figure.'
        when {{ england_value }} is null then 'No figure for England is published.'
    end
{%- endmacro %}
