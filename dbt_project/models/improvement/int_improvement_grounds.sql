{% set headline = ['unit', 'polarity', 'headline_numerator', 'headline_denominator', 'headline_value'] -%}

with dashboard as (
    select
        *,
        {{ printed('headline_value', 'decimals') }} as printed_value,
        case polarity when 'higher' then 1 when 'lower' then -1 end as good_way
    from {{ ref('kpi_dashboard') }}
    where headline_value is not null and not is_last_reported
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

decisions as (
    select
        *,
        {{ open_until([add_months('to_month', 1)]) }} as open_until
    from {{ ref('stg_improvement_decisions') }}
),

outturns as (
    select * from {{ ref('int_last_whole_years') }}
),

compared as (
    select
        dashboard.*,
        -- where amber ends
        dashboard.target - dashboard.tolerance * case dashboard.polarity when 'higher' then 1 else -1 end
            as edge,
        indicators.area,
        indicators.change_tolerance,
        outturns.last_year_value,
        {{ printed('outturns.last_year_value', 'dashboard.decimals') }} as last_year_printed,
        cast(dashboard.headline_value as {{ double() }}) as value_now,
        cast(dashboard.headline_interval_lower as {{ double() }}) as lower_now,
        cast(dashboard.headline_interval_upper as {{ double() }}) as upper_now,
        cast(outturns.last_year_value as {{ double() }}) as value_then,
        cast(outturns.last_year_lower as {{ double() }}) as lower_then,
        cast(outturns.last_year_upper as {{ double() }}) as upper_then,
        outturns.last_year_start,
        decisions.decision,
        decisions.reason as decision_reason,
        -- on the wrong side by how many tolerances; what has none counts its points or units
        dashboard.good_way * (dashboard.target - dashboard.printed_value)
        / case when dashboard.tolerance > 0 then dashboard.tolerance else 1 end as tolerances_short
    from dashboard
    inner join indicators on dashboard.indicator_id = indicators.indicator_id
    left join outturns
        on
            dashboard.as_at = outturns.as_at
            and dashboard.geography_code = outturns.geography_code
            and dashboard.indicator_id = outturns.indicator_id
            and outturns.newest_first = 1
    left join decisions
        on
            dashboard.geography_code = decisions.geography_code
            and dashboard.indicator_id = decisions.indicator_id
            and dashboard.as_at >= decisions.from_month
            and dashboard.as_at < decisions.open_until
),

-- by how much it is worse than last year at least, as far as chance allows on both sides (Newcombe's
-- interval, and by Zou and Donner 2008 the same for numbers, rates and means from their own intervals)
surely as (
    select
        *,
        good_way * (last_year_printed - printed_value) as worse_by,
        {{ turning_point('polarity', 'edge', 'decimals') }} as edge_turns,
        {{ turning_point('polarity', 'last_year_value', 'decimals') }} as last_year_turns,
        {{ turning_point('polarity', 'england_value', 'decimals') }} as england_turns,
        {{ turning_point('polarity', 'neighbours_value', 'decimals') }} as neighbours_turns,
        case polarity
            {% for good, (worse, better) in {'higher': ('then', 'now'), 'lower': ('now', 'then')}.items() %}
            when '{{ good }}'
                then
                    {{ newcombe(
                        'lower', 'value_' ~ worse, 'lower_' ~ worse, 'upper_' ~ worse,
                        'value_' ~ better, 'lower_' ~ better, 'upper_' ~ better
                    ) }}
            {% endfor %}
        end as surely_worse_by
    from compared
),

-- red, or short of the target for two periods running; never for a single case
judged as (
    select
        *,
        coalesce(
            rag in ('amber', 'red')
            and (
                previous_rag in ('amber', 'red')
                or (rag = 'red' and {{ more_than_one_case(headline, 'edge_turns') }})
            ),
            false
        ) as is_below_target,
        coalesce(
            worse_by > coalesce(change_tolerance, 0.05 * abs(last_year_printed))
            and coalesce(surely_worse_by > 0, true)
            and {{ more_than_one_case(headline, 'last_year_turns') }},
            false
        ) as is_worse_than_last_year,
        coalesce(
            england_verdict = 'worse'
            and neighbours_verdict = 'worse'
            and {{ more_than_one_case(headline, 'england_turns') }}
            and {{ more_than_one_case(headline, 'neighbours_turns') }},
            false
        ) as is_worse_than_benchmarks,
        coalesce(decision = 'recalled', false) as is_recalled,
        coalesce(decision = 'added', false) as is_added
    from surely
    where decision is null or decision <> 'left_out'
)

select *
from judged
where is_below_target or is_worse_than_last_year or is_worse_than_benchmarks or is_recalled or is_added
