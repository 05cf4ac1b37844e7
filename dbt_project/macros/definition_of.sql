{# A fingerprint of how an indicator is worked out: its own SQL, all models that it reads, those of
   the local variants that they mention, and the keys of its catalogue entry that change figures. #}
{% macro definition_of(indicator) -%}
    {%- set told = [] -%}
    {%- for key in ('unit', 'time_basis', 'year', 'needs', 'starts', 'history_months', 'months') -%}
        {%- do told.append(key ~ '=' ~ indicator.get(key)) -%}
    {%- endfor -%}
    {%- if execute and indicator.source == 'rows' -%}
        {%- set found = ['model.' ~ project_name ~ '.ind_' ~ indicator.id] -%}
        {#- the list grows while it is read: Jinja has no other way to follow what a model reads -#}
        {%- for id in found -%}
            {%- set node = graph.nodes[id] -%}
            {%- for parent in node.depends_on.nodes if parent.startswith('model.') and parent not in found -%}
                {%- do found.append(parent) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- for id in found | sort -%}
            {%- set node = graph.nodes[id] -%}
            {%- do told.append(id ~ '=' ~ node.checksum.checksum) -%}
            {%- for variant in var('local_variants') if variant in node.raw_code -%}
                {%- do told.append(variant ~ '=' ~ var(variant)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{- local_md5(told | join('|')) -}}
{%- endmacro %}
