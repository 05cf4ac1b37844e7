with series as (
    select * from {{ ref('int_trend_series') }}
),

limits as (
    select * from {{ ref('int_control_limits') }}
),

directions as (
    select * from {{ ref('int_directions') }}
),

rebases as (
    select * from {{ ref('rebases') }}
)

select
    series.indicator_id,
    series.geography_code,
    series.period_start,
    series.period_end,
    series.value,
    cast(limits.mean as decimal(18, 6)) as mean,
    cast(limits.lower_limit as decimal(18, 6)) as lower_limit,
    cast(limits.upper_limit as decimal(18, 6)) as upper_limit,
    limits.limits_reason,
    limits.rule,
    limits.point_type,
    limits.assurance,
    limits.baseline_start,
    limits.baseline_end,
    rebases.from_month as rebased_from,
    rebases.reason as rebase_reason,
    {% for span in ('year_on_year', 'latest_quarter') %}
    cast({{ span }}.verdict as varchar(20)) as {{ span }},
    cast({{ span }}.value_now as decimal(18, 6)) as {{ span }}_value,
    cast({{ span }}.value_before as decimal(18, 6)) as {{ span }}_before{{ ',' if not loop.last }}
    {% endfor %}
from series
left join limits
    on
        series.indicator_id = limits.indicator_id
        and series.geography_code = limits.geography_code
        and series.period_end = limits.period_end
left join rebases
    on
        series.indicator_id = rebases.indicator_id
        and series.geography_code = rebases.geography_code
        and series.phase_begins = rebases.from_month
{% for span in ('year_on_year', 'latest_quarter') %}
left join directions as {{ span }}
    on
        series.indicator_id = {{ span }}.indicator_id
        and series.geography_code = {{ span }}.geography_code
        and series.period_end = {{ span }}.period_end
        and {{ span }}.span = '{{ span }}'
{% endfor %}
