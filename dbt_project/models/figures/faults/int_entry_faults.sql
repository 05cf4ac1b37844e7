with indicators as (
    select * from {{ ref('stg_indicators') }}
),

models_without_entry as (
    {% if execute %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('ind_') %}
    {% if node.name[4:] not in catalogue('parts') %}
    select '{{ node.name[4:] }}' as indicator_id
    union all
    {% endif %}
    {% endfor %}
    {% endif %}
    select 'none' as indicator_id
)

select
    indicator_id,
    'UNIT-BASIS' as rule
from indicators
where
    case unit
        when 'count'
            then
                time_basis not in (
                    'period_flow_count', 'period_distinct_count', 'snapshot_count', 'annual'
                )
        when 'days' then time_basis not in ('period_mean', 'period_median')
        when 'hours' then time_basis not in ('period_mean', 'period_median')
        when 'weeks' then time_basis not in ('period_mean', 'period_median')
        when 'cases' then time_basis not in ('period_mean', 'snapshot_ratio', 'period_flow_ratio')
        else time_basis not in ('period_flow_ratio', 'snapshot_ratio', 'rolling_12m_ratio', 'annual')
    end
union all
select
    indicator_id,
    'SQL-WITHOUT-ENTRY' as rule
from models_without_entry
where indicator_id <> 'none'
