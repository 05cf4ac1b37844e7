{# On DuckDB a table or a view is made under its own name. dbt's materializations make it under
   another one, rename it and drop the one before, in ten statements and two commits, so that readers
   of a live warehouse never miss it; here nobody reads a build before it is whole, and those steps
   took half the time of one. #}
{% materialization table, adapter='duckdb' %}
    {{ return(in_one_step('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(in_one_step('view')) }}
{% endmaterialization %}

{% macro in_one_step(type) %}
    {% set relation = this.incorporate(type=type) %}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {# a table of a contract is made by two statements, a view by one, which needs no transaction #}
    {% call statement('main', auto_begin=(type == 'table')) %}
        {{ create_table_as(False, relation, sql) if type == 'table' else get_create_view_as_sql(relation, sql) }}
    {% endcall %}
    {% set key = model.config.meta.primary_key %}
    {% set told = model.description ~ (' Key: ' ~ key | join(', ') ~ '.' if key else '') %}
    {% do persist_docs(relation, dict(model, description=told)) %}
    {% if type == 'table' %}
        {{ adapter.commit() }}
    {% endif %}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
