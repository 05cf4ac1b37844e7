{% for indicator in var('indicators') %}
select
    '{{ indicator.id }}' as indicator_id,
    '{{ definition_of(indicator) }}' as definition
{{ 'union all' if not loop.last }}
{% endfor %}
