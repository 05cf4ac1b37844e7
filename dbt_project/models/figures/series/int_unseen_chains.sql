with reach as (
    select * from {{ ref('int_reach') }}
)

-- chains (of visits, of reviews) that begin before everything is there: what they lead to cannot be
-- told until the last of them is over
{% for id in asked_of(catalogue('chains')) %}
{% set chain = catalogue('chains')[id] %}
select
    reach.indicator_id,
    least(max(chains.{{ chain.until }}), reach.as_at) as unseen_until
from reach
inner join {{ ref(chain.model) }} as chains
    on
        reach.data_from > chains.{{ chain['from'] }}
        and reach.data_from <= chains.{{ chain.until }}
where reach.indicator_id = '{{ id }}'
group by reach.indicator_id, reach.as_at
{{ 'union all' if not loop.last }}
{% endfor %}
