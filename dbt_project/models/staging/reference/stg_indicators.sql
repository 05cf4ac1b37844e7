{% set dashboards = {
    1: "Education, Health and Care Plans",
    2: "Early Help",
    3: "Children's Social Care Front Door",
    4: "Child Protection",
    5: "Children in Care",
    6: "Care Leavers",
    7: "Missing, return interviews and exclusions",
    8: "Workforce and practice",
} %}

with catalogue as (
    {% for indicator in var('indicators') %}
    select
        '{{ indicator.id }}' as indicator_id,
        {{ loop.index }} as catalogue_order,
        '{{ dbt.escape_single_quotes(indicator.name) }}' as indicator_name,
        {{ indicator.dashboard }} as dashboard_no,
        '{{ dbt.escape_single_quotes(dashboards[indicator.dashboard]) }}' as dashboard,
        '{{ indicator.tier }}' as tier,
        '{{ indicator.unit }}' as unit,
        {{ indicator.get('decimals', 0 if indicator.unit == 'count' else 1) }} as decimals,
        '{{ indicator.time_basis }}' as time_basis,
        '{{ indicator.polarity }}' as polarity,
        '{{ indicator.basis }}' as basis,
        '{{ indicator.disclosure_class }}' as disclosure_class,
        '{{ indicator.get("year", "financial") }}' as year_basis,
        '{{ indicator.source }}' as source,
        '{{ indicator.get("months", "all") }}' as months_rule,
        {{ indicator.get('maturity_wd', 0) }} as maturity_wd,
        '{{ dbt.escape_single_quotes(indicator.get("area", indicator.name)) }}' as area,
        {% if indicator.change_tolerance is defined or indicator.unit == 'percent' %}
        cast({{ indicator.get('change_tolerance', 2) }} as decimal(18, 6)) as change_tolerance,
        {% else %}
        cast(null as decimal(18, 6)) as change_tolerance,
        {% endif %}
        '{{ dbt.escape_single_quotes(indicator.counts) }}' as numerator_text,
        {% if indicator.out_of %}
        '{{ dbt.escape_single_quotes(indicator.out_of) }}' as denominator_text,
        {% else %}
        cast(null as varchar(1000)) as denominator_text,
        {% endif %}
        '{{ dbt.escape_single_quotes(indicator.why) }}' as note
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    *,
    case when time_basis = 'annual' then 'annual' else 'monthly' end as frequency,
    time_basis in ('period_flow_count', 'period_flow_ratio', 'period_mean') as adds_up,
    time_basis in ('snapshot_count', 'snapshot_ratio', 'rolling_12m_ratio') as is_position
from catalogue
