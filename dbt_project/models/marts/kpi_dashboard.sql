with edition_figures as (
    select * from {{ ref('int_edition_figures') }}
),

indicators as (
    select * from {{ ref('dim_indicator') }}
),

geographies as (
    select * from {{ ref('dim_geography') }}
),

dashboard_names as (
    select * from {{ ref('stg_dashboard_names') }}
),

-- what is too old is not compared
current_figures as (
    select
        edition_figures.*,
        geographies.geography_name,
        geographies.region_name,
        {% for column in [
            'catalogue_order', 'indicator_name', 'dashboard_no', 'tier', 'unit', 'decimals', 'polarity',
            'disclosure_class', 'frequency'
        ] %}
        indicators.{{ column }},
        {% endfor %}
        coalesce(dashboard_names.dashboard, indicators.dashboard) as dashboard,
        dashboard_names.note as dashboard_note,
        coalesce(dashboard_names.no_benchmark_reason, indicators.benchmark_none_reason)
            as benchmark_none_reason,
        case
            when not edition_figures.is_last_reported
                then {{ printed('edition_figures.headline_value', 'indicators.decimals') }}
        end as printed_value,
        case
            when not edition_figures.is_last_reported
                then {{ printed('edition_figures.compared_value', 'indicators.decimals') }}
        end as printed_compared
    from edition_figures
    inner join geographies on edition_figures.geography_code = geographies.geography_code
    inner join indicators on edition_figures.indicator_id = indicators.indicator_id
    left join dashboard_names
        on
            edition_figures.geography_code = dashboard_names.geography_code
            and indicators.dashboard_no = dashboard_names.dashboard_no
            and edition_figures.as_at >= dashboard_names.from_month
            and edition_figures.as_at < dashboard_names.until_month
),

judged as (
    select
        *,
        {{ rag('polarity', 'printed_value', 'target', 'tolerance') }} as rag
    from current_figures
)

select
    as_at,
    geography_code,
    is_newest,
    geography_name,
    region_name,
    indicator_id,
    catalogue_order,
    indicator_name,
    dashboard_no,
    dashboard,
    dashboard_note,
    tier,
    unit,
    decimals,
    polarity,
    disclosure_class,
    frequency,
    {% for kind in ['month', 'quarter', 'year_to_date', 'year'] %}
    {{ kind }}_period_start,
    {{ kind }}_period_end,
    {{ kind }}_numerator,
    {{ kind }}_denominator,
    {{ kind }}_value,
    {{ kind }}_status,
    {% endfor %}
    headline_period_type,
    headline_period_start,
    headline_period_end,
    headline_numerator,
    headline_denominator,
    headline_value,
    headline_interval_lower,
    headline_interval_upper,
    headline_status,
    headline_status_reason,
    headline_origin,
    headline_source_note,
    headline_previous_value,
    headline_previous_change,
    headline_year_ago_value,
    headline_year_ago_change,
    is_last_reported,
    cast(target as decimal(18, 6)) as target,
    target_kind,
    cast(tolerance as decimal(18, 6)) as tolerance,
    rag,
    case
        when rag is not null then null
        when polarity = 'neutral' then 'Neither direction is good in itself: no target'
        when target is null then 'No target agreed'
        when is_last_reported then 'The figure is too old to judge'
        else 'No figure to compare'
    end as rag_reason,
    case when not is_last_reported then target_certainty end as target_certainty,
    case when not is_last_reported then cases_to_target end as cases_to_target,
    case when not is_last_reported then previous_rag end as previous_rag,
    cast(england_value as decimal(18, 6)) as england_value,
    england_period,
    cast(printed_compared - {{ printed('england_value', 'decimals') }} as decimal(18, 6)) as england_gap,
    case when not is_last_reported then england_verdict end as england_verdict,
    cast(region_value as decimal(18, 6)) as region_value,
    region_period,
    cast(printed_compared - {{ printed('region_value', 'decimals') }} as decimal(18, 6)) as region_gap,
    case when not is_last_reported then region_verdict end as region_verdict,
    cast(neighbours_value as decimal(18, 6)) as neighbours_value,
    neighbours_period,
    cast(
        printed_compared - {{ printed('neighbours_value', 'decimals') }} as decimal(18, 6)
    ) as neighbours_gap,
    case when not is_last_reported then neighbours_verdict end as neighbours_verdict,
    cast(neighbours_present as bigint) as neighbours_present,
    neighbours_left_out,
    {{ benchmark_reason(
        'benchmark_none_reason', 'unit', 'england_value', 'neighbours_value', 'neighbours_present'
    ) }} as benchmark_reason,
    compared_breakdown,
    compared_part
from judged
