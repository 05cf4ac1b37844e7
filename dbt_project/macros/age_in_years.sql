{# Full years of age on `day` [G10]; who was born on 29 February has a birthday on 1 March. #}
{% macro age_in_years(birth_date, day) -%}
    cast(
        floor(
            (
                (extract(year from {{ day }}) - extract(year from {{ birth_date }})) * 12
                + extract(month from {{ day }}) - extract(month from {{ birth_date }})
                - case when extract(day from {{ day }}) < extract(day from {{ birth_date }}) then 1 else 0 end
            ) / 12
        ) as integer
    )
{%- endmacro %}
