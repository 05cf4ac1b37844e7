-- XmR for the months of each year by the limits that are drawn for it: those of the 24 months before
-- its April, since the last rebase. So what is usual is never older than three years and a closed year
-- stays as it was judged. A figure that leans on the month before it has none, as has one that would
-- say what its months do not bear; the reason stands instead.
with series as (
    select
        *,
        case
            when time_basis = 'rolling_12m_ratio'
                then 'No limits: each figure covers twelve months, eleven of them those of the one before'
            when is_position
                then
                    'No limits: most of those who are counted at a month end'
                    || ' were counted at the one before'
        end as overlap_reason
    from {{ ref('int_trend_series') }}
    where value is not null
),

years as (
    select distinct
        indicator_id,
        geography_code,
        phase,
        financial_year as judged_year
    from series
    where overlap_reason is null
),

members as (
    select
        series.*,
        years.judged_year,
        series.financial_year = years.judged_year as is_judged,
        true as screen
    from years
    inner join series
        on
            years.indicator_id = series.indicator_id
            and years.geography_code = series.geography_code
            and years.phase = series.phase
            and series.financial_year >= years.judged_year - 2
            and years.judged_year >= series.financial_year
),

with_baseline as (
    select
        *,
        sum(case when is_judged then 0 else 1 end) over (
            partition by indicator_id, geography_code, phase, judged_year
        ) as fix_after
    from members
),

{{ xmr(
    'with_baseline', ['indicator_id', 'geography_code', 'phase', 'judged_year'], 'month_index', ['is_judged']
) }},

baselines as (
    select
        indicator_id,
        geography_code,
        phase,
        judged_year,
        count(*) as points,
        min(period_start) as baseline_start,
        max(period_end) as baseline_end,
        avg(denominator) as mean_denominator,
        avg(value) as mean_value
    from members
    where not is_judged
    group by indicator_id, geography_code, phase, judged_year
),

placed as (
    select
        series.*,
        baselines.baseline_start,
        baselines.baseline_end,
        xmr_points.mean,
        xmr_points.lower_limit,
        xmr_points.upper_limit,
        xmr_points.rule,
        xmr_points.point_type,
        xmr_points.assurance,
        case
            when series.overlap_reason is not null then series.overlap_reason
            when baselines.points is null or baselines.points < {{ var('fewest_points_for_limits') }}
                then
                    'No limits: fewer than {{ var("fewest_points_for_limits") }} months to set them by,'
                    || ' of the two years before this April'
            when
                series.unit = 'percent'
                and (baselines.mean_denominator is null or baselines.mean_denominator < 20)
                then 'No limits: too few cases a month for a percentage to be steady'
            when series.unit = 'count' and baselines.mean_value < 10
                then 'No limits: fewer than 10 a month, where chance alone moves the number'
            when xmr_points.distinct_ranges < 3 then 'No limits: the figure hardly varies'
        end as limits_reason,
        -- printed on its limit, a month is not beyond it
        xmr_points.rule in ('Above UCL', 'Below LCL')
        and {{ printed('series.value', 'series.decimals') }}
        between {{ printed('xmr_points.lower_limit', 'series.decimals') }}
        and {{ printed('xmr_points.upper_limit', 'series.decimals') }} as is_on_its_limit
    from series
    left join xmr_points
        on
            series.indicator_id = xmr_points.indicator_id
            and series.geography_code = xmr_points.geography_code
            and series.month_index = xmr_points.month_index
            and xmr_points.is_judged
    left join baselines
        on
            series.indicator_id = baselines.indicator_id
            and series.geography_code = baselines.geography_code
            and series.phase = baselines.phase
            and series.financial_year = baselines.judged_year
)

select
    indicator_id,
    geography_code,
    period_start,
    period_end,
    month_index,
    phase,
    phase_begins,
    limits_reason,
    case when limits_reason is null then baseline_start end as baseline_start,
    case when limits_reason is null then baseline_end end as baseline_end,
    case when limits_reason is null then mean end as mean,
    case when limits_reason is null then lower_limit end as lower_limit,
    case when limits_reason is null then upper_limit end as upper_limit,
    case
        when limits_reason is not null then null
        when is_on_its_limit then 'Common Cause'
        else rule
    end as rule,
    case
        when limits_reason is not null then null
        when is_on_its_limit then 'common_cause'
        else point_type
    end as point_type,
    case when limits_reason is null then assurance end as assurance
from placed
