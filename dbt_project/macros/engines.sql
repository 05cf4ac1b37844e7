{# What Apache Spark writes otherwise than DuckDB and PostgreSQL, which write all of it alike. #}

{# The type of numbers in double precision. #}
{% macro double() -%} {{ adapter.dispatch('double')() }} {%- endmacro %}
{% macro default__double() -%} double precision {%- endmacro %}
{% macro spark__double() -%} double {%- endmacro %}

{# 1 for a Monday to 7 for a Sunday. #}
{% macro day_of_week(day) -%} {{ adapter.dispatch('day_of_week')(day) }} {%- endmacro %}
{% macro default__day_of_week(day) -%} extract(isodow from {{ day }}) {%- endmacro %}
{% macro spark__day_of_week(day) -%} extract(dayofweek_iso from {{ day }}) {%- endmacro %}

{# The seconds from one time to a later one. #}
{% macro seconds_between(earlier, later) -%}
    {{ adapter.dispatch('seconds_between')(earlier, later) }}
{%- endmacro %}
{% macro default__seconds_between(earlier, later) -%}
    (extract(epoch from {{ later }}) - extract(epoch from {{ earlier }}))
{%- endmacro %}
{% macro spark__seconds_between(earlier, later) -%}
    timestampdiff(microsecond, {{ earlier }}, {{ later }}) / 1000000
{%- endmacro %}

{# The texts of a group in one, in an order. #}
{% macro joined_texts(text, separator, ordering) -%}
    {{ adapter.dispatch('joined_texts')(text, separator, ordering) }}
{%- endmacro %}
{% macro default__joined_texts(text, separator, ordering) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ ordering }})
{%- endmacro %}
{% macro spark__joined_texts(text, separator, ordering) -%}
    string_agg({{ text }}, '{{ separator }}') within group (order by {{ ordering }})
{%- endmacro %}

{# dbt's own asks for a time of the day, and stops at an empty day. #}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    dateadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{# The types of a contract: Spark makes a table of what a query gives, so the query has to give them; dbt
   would compare them before, to the digit, and its word for a text without a length is unknown to Spark. #}
{% macro spark__get_select_subquery(sql) -%}
    select
        {% for column in model.columns.values() -%}
        {%- set type = 'string' if column.data_type == 'varchar' else column.data_type -%}
        cast({{ column.name }} as {{ type }}) as {{ column.name }} {{- ',' if not loop.last }}
        {% endfor -%}
    from ({{ sql }}) as told
{%- endmacro %}
{% macro spark__get_assert_columns_equivalent(sql) %}{% endmacro %}
