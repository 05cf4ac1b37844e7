{# All that a model promises, in one test: that no two rows agree on the `primary_key` of its `meta`, and

   filled      columns that are never empty
   one_of      column: the words that it may hold, where it is not empty
   conditions  name: an expression that every row fulfils; a row for which it is unknown breaks it

   Each row of the test is a promise and how many rows break it. No row of the model is shown. #}
{% test holds(model, filled=[], one_of={}, conditions={}) %}
{{ config(fail_calc='coalesce(sum(failed_rows), 0)') }}
{%- set id = ['model', project_name, model.identifier] | join('.') -%}
{%- set key = graph.nodes[id].config.meta.primary_key if execute else [] -%}
{%- set promised = {} -%}
{%- for column in filled -%}
    {%- do promised.update({'filled: ' ~ column: column ~ ' is not null'}) -%}
{%- endfor -%}
{%- for column, words in one_of.items() -%}
    {%- set is_one = column ~ " in ('" ~ words | join("', '") ~ "')" -%}
    {%- do promised.update({'one_of: ' ~ column: '(' ~ column ~ ' is null or ' ~ is_one ~ ')'}) -%}
{%- endfor -%}
{%- do promised.update(conditions) -%}
with judged as (
    select
        {% for expression in promised.values() -%}
        sum(case when {{ expression }} then 0 else 1 end) as broken_{{ loop.index }},
        {% endfor -%}
        count(*) as all_rows
    from {{ model }}
),

promises as (
    {% for name in promised -%}
    select '{{ model.identifier }} | {{ name | replace("'", "''") }}' as promise, broken_{{ loop.index }} as failed_rows from judged
    union all
    {% endfor -%}
    {{ rows_of_one_key(model, key | join(', ')) if key else "select 'none' as promise, 0 as failed_rows" }}
)

select
    promise,
    failed_rows
from promises
where failed_rows > 0
{% endtest %}

{# The keys of several models in one test: `keys` gives a model's name its columns, with commas between.
   Where only some of them are built, as for one indicator, those alone are looked at. #}
{% macro keys_hold(keys) %}
{{ config(fail_calc='coalesce(sum(failed_rows), 0)') }}
{%- set all_of_them = [] -%}
{%- set built = [] -%}
{%- for name, key in keys.items() -%}
    {%- set looked_at = rows_of_one_key(ref(name), key) -%}
    {%- do all_of_them.append(looked_at) -%}
    {%- if ['model', project_name, name] | join('.') in selected_resources -%}
        {%- do built.append(looked_at) -%}
    {%- endif -%}
{%- endfor -%}
with promises as (
    {{ (built or all_of_them) | join('\n    union all\n    ') }}
)

select
    promise,
    failed_rows
from promises
where failed_rows > 0
{% endmacro %}

{# How many rows share their key with another one. #}
{% macro rows_of_one_key(model, key) -%}
select '{{ model.identifier }} | key: {{ key }}' as promise, coalesce(sum(n), 0) as failed_rows
    from (select count(*) as n from {{ model }} group by {{ key }} having count(*) > 1) as shared
{%- endmacro %}

{# At the end of a command: which promise of which model is broken by how many rows. #}
{% macro tell_broken_promises(results) %}
    {% for result in results 
        if result.node.resource_type == 'test' and 'failed_rows' in result.node.config.fail_calc
        and result.status in ('fail', 'warn') %}
        {% for promise, failed_rows in run_query(result.node.compiled_code).rows %}
            {% do print(promise ~ ' | ' ~ failed_rows ~ ' rows break it') %}
        {% endfor %}
    {% endfor %}
{% endmacro %}
