{# A fingerprint of the SQL of an indicator: its own and that of all models that it reads, with the
   macros and variables put in. Comments, white space and the names of its steps say nothing of it. `models`
   are those it reads, `known` what is told of models already: many indicators read the same ones. #}
{% macro logic_behind(models, known) -%}
    {%- set told = [] -%}
    {%- for id in models -%}
        {%- if id not in known -%}
            {%- do known.update({id: id ~ '=' ~ logic_of(graph.nodes[id].raw_code)}) -%}
        {%- endif -%}
        {%- do told.append(known[id]) -%}
    {%- endfor -%}
    {{- local_md5(told | join('|')) -}}
{%- endmacro %}

{# The models that an indicator reads, itself included, by name. #}
{% macro models_read_by(indicator_id) -%}
    {%- set found = ['model.' ~ project_name ~ '.ind_' ~ indicator_id] -%}
    {#- the list grows while it is read: Jinja has no other way to follow what a model reads -#}
    {%- for id in found -%}
        {%- for parent in graph.nodes[id].depends_on.nodes
            if parent.startswith('model.') and parent not in found -%}
            {%- do found.append(parent) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found | sort) }}
{%- endmacro %}

{# The models that make figures of periods out of an indicator's events, as they are written: with their
   variables put in they would hold every other indicator. `recounted` where months do not add up. #}
{% macro adding_up_of(recounted) -%}
    {%- set names = [
        'int_indicator_events', 'int_indicator_months', 'int_row_cells', 'int_cell_sums', 'int_cell_sides',
        'int_cell_values', 'int_row_figures'
    ] -%}
    {%- if recounted -%}
        {%- do names.extend(['int_distinct_subjects', 'int_medians', 'int_recounted_figures']) -%}
    {%- endif -%}
    {%- for name in names -%}
        {{- name }}={{ bare_sql(graph.nodes['model.' ~ project_name ~ '.' ~ name].raw_code) }}|
    {%- endfor -%}
{%- endmacro %}

{# SQL as it would run: macros and variables put in, models and sources by their names, without comments
   and without white space that only sets it out. #}
{% macro logic_of(raw_code) -%}
    {%- set named = modules.re.sub("\\b(?:ref|source)\\(([^()]*)\\)", "[\\1] | join('.')", raw_code) -%}
    {{ return(bare_sql(render(named))) }}
{%- endmacro %}

{# SQL without comments, without white space that only sets it out, and with its common table expressions
   numbered: what they are called changes no figure. A text in quotes of such a name is left alone. #}
{% macro bare_sql(code) -%}
    {%- set bare = modules.re.sub("('(?:[^']|'')*')|--[^\\n]*|/\\*[\\s\\S]*?\\*/|\\{#[\\s\\S]*?#\\}", "\\1", code) -%}
    {%- set close = modules.re.sub("\\s*([(),=<>+*/|-])\\s*", "\\1", bare) -%}
    {%- set told = namespace(sql=modules.re.sub("\\s+", " ", close) | trim) -%}
    {%- for name in modules.re.findall("(?:^with |\\),)(\\w+) as\\(", told.sql) -%}
        {%- set told.sql = modules.re.sub("(?<!')\\b" ~ name ~ "\\b(?!')", "step" ~ loop.index, told.sql) -%}
    {%- endfor -%}
    {{ return(told.sql) }}
{%- endmacro %}
