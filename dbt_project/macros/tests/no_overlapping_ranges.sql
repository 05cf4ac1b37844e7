{# Of two rows with the same `key`, one ends before the other begins; an empty end is open. #}
{% test no_overlapping_ranges(model, key, valid_from, valid_to) %}
with ranges as (
    select
        {{ key | join(', ') }},
        {{ valid_from }} as starts,
        coalesce({{ valid_to }}, date '9999-12-31') as ends,
        lead({{ valid_from }}) over (partition by {{ key | join(', ') }} order by {{ valid_from }}) as next_starts
    from {{ model }}
)

select 1 as overlap
from ranges
where ends < starts or next_starts <= ends
{% endtest %}
