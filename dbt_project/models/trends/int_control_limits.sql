-- XmR over each phase of a series. The baseline is its first months and stays as it is; limits that
-- would say what the figures do not bear are taken back, with the reason.
with series as (
    select
        *,
        {{ var('baseline_months') }} as fix_after,
        true as screen
    from {{ ref('int_trend_series') }}
    where value is not null
),

{{ xmr('series', ['indicator_id', 'geography_code', 'phase'], 'month_index') }},

baselines as (
    select
        indicator_id,
        geography_code,
        phase,
        count(*) as points,
        min(period_start) as baseline_start,
        max(case when in_baseline then period_end end) as baseline_end,
        avg(case when in_baseline then denominator end) as mean_denominator,
        avg(case when in_baseline then value end) as mean_value
    from xmr_points
    group by indicator_id, geography_code, phase
),

judged as (
    select
        xmr_points.*,
        baselines.baseline_start,
        baselines.baseline_end,
        case
            when xmr_points.time_basis = 'rolling_12m_ratio'
                then 'No limits: each figure covers twelve months, so one month leans on the next'
            when baselines.points < {{ var('fewest_points_for_limits') }}
                then
                    'No limits: fewer than {{ var("fewest_points_for_limits") }} months to set them by'
            when
                xmr_points.unit = 'percent'
                and (baselines.mean_denominator is null or baselines.mean_denominator < 20)
                then 'No limits: too few cases a month for a percentage to be steady'
            when xmr_points.unit = 'count' and baselines.mean_value < 10
                then 'No limits: fewer than 10 a month, where chance alone moves the number'
            when xmr_points.distinct_ranges < 3 then 'No limits: the figure hardly varies'
        end as limits_reason
    from xmr_points
    inner join baselines
        on
            xmr_points.indicator_id = baselines.indicator_id
            and xmr_points.geography_code = baselines.geography_code
            and xmr_points.phase = baselines.phase
)

select
    indicator_id,
    geography_code,
    period_start,
    period_end,
    month_index,
    phase,
    phase_begins,
    baseline_start,
    baseline_end,
    limits_reason,
    case when limits_reason is null then mean end as mean,
    case when limits_reason is null then lower_limit end as lower_limit,
    case when limits_reason is null then upper_limit end as upper_limit,
    case when limits_reason is null then rule end as rule,
    case when limits_reason is null then point_type end as point_type,
    case when limits_reason is null then assurance end as assurance
from judged
