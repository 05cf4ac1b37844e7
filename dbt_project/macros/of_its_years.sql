{# Whether a period is one that an indicator is told by: months and quarters, the years of its own
   kind, and calendar years where the catalogue asks for them too. #}
{% macro of_its_years(indicator, period) -%}
    (
        {{ period }}.year_basis is null
        or {{ period }}.year_basis = {{ indicator }}.year_basis
        or ({{ indicator }}.has_calendar_years and {{ period }}.year_basis = 'calendar')
    )
{%- endmacro %}
