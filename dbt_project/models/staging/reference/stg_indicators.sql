with indicators as (
    select * from {{ source('reference', 'indicators') }}
    {# `make check` asks for one alone -#}
    {% set asked = env_var('KPI_INDICATOR', '') -%}
    {{ "where indicator_id = '" ~ asked ~ "'" if asked }}
),

local_choices as (
    select * from {{ source('reference', 'local_choices') }}
),

standing_choices as (
    {% for variable in catalogue('choices') %}
    select '{{ variable }}' as variable, '{{ var(variable) | string | lower }}' as choice
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- which local choice stands is printed with the figure
chosen as (
    select
        indicator_choices.indicator_id,
        {{ joined_texts("'; ' || local_choices.choice_text", '', 'indicator_choices.choice_no') }}
            as choice_text
    from {{ source('reference', 'indicator_choices') }} as indicator_choices
    inner join standing_choices on indicator_choices.variable = standing_choices.variable
    inner join local_choices
        on
            standing_choices.variable = local_choices.variable
            and standing_choices.choice = local_choices.choice
    group by indicator_choices.indicator_id
)

select
    indicators.indicator_id,
    cast(indicators.catalogue_order as integer) as catalogue_order,
    indicators.indicator_name,
    cast(indicators.dashboard_no as integer) as dashboard_no,
    indicators.dashboard,
    indicators.tier,
    indicators.unit,
    cast(
        coalesce(indicators.decimals, case when indicators.unit = 'count' then 0 else 1 end) as integer
    ) as decimals,
    indicators.time_basis,
    indicators.polarity,
    indicators.basis,
    indicators.disclosure_class,
    coalesce(indicators.year_basis, 'financial') as year_basis,
    indicators.has_calendar_years,
    indicators.source,
    coalesce(indicators.months_rule, 'all') as months_rule,
    cast(coalesce(indicators.history_months, 0) as integer) as history_months,
    cast(coalesce(indicators.maturity_wd, 0) as integer) as maturity_wd,
    coalesce(indicators.adds, 'cases') as adds,
    indicators.repeats,
    coalesce(indicators.area, indicators.indicator_name) as area,
    coalesce(
        indicators.change_tolerance,
        cast(case when indicators.unit = 'percent' then 2 end as decimal(18, 6))
    ) as change_tolerance,
    case
        when indicators.out_of is null then indicators.counts || coalesce(chosen.choice_text, '')
        else indicators.counts
    end as numerator_text,
    indicators.out_of || coalesce(chosen.choice_text, '') as denominator_text,
    indicators.why as note,
    indicators.definition_facts,
    case when indicators.time_basis = 'annual' then 'annual' else 'monthly' end as frequency,
    indicators.time_basis in ('period_flow_count', 'period_flow_ratio', 'period_mean') as adds_up,
    indicators.time_basis in ('snapshot_count', 'snapshot_ratio', 'rolling_12m_ratio') as is_position,
    -- points of a percentage, else times; a stock moves less than a flow
    coalesce(
        indicators.may_move,
        case
            when indicators.unit = 'percent' then 40
            when indicators.time_basis in ('snapshot_count', 'snapshot_ratio', 'rolling_12m_ratio') then 2
            else 4
        end
    ) as may_move
from indicators
left join chosen on indicators.indicator_id = chosen.indicator_id
