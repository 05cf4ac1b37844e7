-- what members are to look at first: at most five areas an edition, by what speaks for each
with dashboard as (
    select * from {{ ref('kpi_dashboard') }}
    where headline_value is not null and not is_last_reported
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

years as (
    select * from {{ ref('kpi_yearly') }}
    where period_type in ('financial_year', 'academic_year') and breakdown = 'total' and value is not null
),

decisions as (
    select * from {{ ref('improvement_decisions') }}
),

-- the last whole year before the figure's own period
outturns as (
    select
        dashboard.as_at,
        dashboard.geography_code,
        dashboard.indicator_id,
        years.value as last_year_value,
        years.period_start as last_year_start,
        row_number() over (
            partition by dashboard.as_at, dashboard.geography_code, dashboard.indicator_id
            order by years.period_end desc
        ) as newest_first
    from dashboard
    inner join indicators on dashboard.indicator_id = indicators.indicator_id
    inner join years
        on
            dashboard.geography_code = years.geography_code
            and dashboard.indicator_id = years.indicator_id
            and dashboard.headline_period_start > years.period_end
    -- a month's number of events is not held against a year's
    where
        indicators.time_basis not in ('period_flow_count', 'period_distinct_count')
        or dashboard.headline_period_type = years.period_type
),

compared as (
    select
        dashboard.*,
        indicators.area,
        indicators.change_tolerance,
        outturns.last_year_value,
        outturns.last_year_start,
        decisions.decision,
        decisions.reason as decision_reason,
        case dashboard.polarity
            when 'higher' then outturns.last_year_value - dashboard.headline_value
            when 'lower' then dashboard.headline_value - outturns.last_year_value
        end as worse_by,
        -- on the wrong side by how many tolerances; what has none counts its points or units
        case dashboard.polarity
            when 'higher' then dashboard.target - dashboard.headline_value
            when 'lower' then dashboard.headline_value - dashboard.target
        end / case when dashboard.tolerance > 0 then dashboard.tolerance else 1 end as tolerances_short
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
            and (
                decisions.to_month is null
                or dashboard.as_at < {{ add_months('decisions.to_month', 1) }}
            )
),

-- one miss of the target that could be chance does not count
judged as (
    select
        *,
        coalesce(
            rag = 'red'
            and not (target_certainty = 'could_be_chance' and coalesce(previous_rag, 'green') = 'green'),
            false
        ) as is_below_target,
        -- nor does a difference from last year that could be
        coalesce(
            worse_by > coalesce(change_tolerance, 0.05 * abs(last_year_value))
            and (
                headline_interval_lower is null
                or last_year_value not between headline_interval_lower and headline_interval_upper
            ),
            false
        ) as is_worse_than_last_year,
        coalesce(england_verdict = 'worse' and neighbours_verdict = 'worse', false)
            as is_worse_than_benchmarks,
        coalesce(decision = 'recalled', false) as is_recalled,
        coalesce(decision = 'added', false) as is_added
    from compared
    where decision is null or decision <> 'left_out'
),

counted as (
    select
        *,
        cast(is_below_target as integer) as below_target,
        cast(is_below_target and target_certainty <> 'could_be_chance' as integer) as surely_below_target,
        cast(is_worse_than_last_year as integer) as worse_than_last_year,
        cast(is_worse_than_benchmarks as integer) as worse_than_benchmarks,
        cast(is_recalled or is_added as integer) as decided
    from judged
    where is_below_target or is_worse_than_last_year or is_worse_than_benchmarks or is_recalled or is_added
),

-- what people decided comes first; then the area that most speaks for, the surest and the furthest off
areas as (
    select
        as_at,
        geography_code,
        area,
        row_number() over (
            partition by as_at, geography_code
            order by
                max(decided) desc,
                max(below_target) + max(worse_than_last_year) + max(worse_than_benchmarks) desc,
                max(surely_below_target) desc,
                count(*) desc,
                max(coalesce(tolerances_short, 0)) desc,
                min(catalogue_order)
        ) as area_rank
    from counted
    group by as_at, geography_code, area
)

select
    counted.as_at,
    counted.geography_code,
    cast(areas.area_rank as bigint) as area_rank,
    counted.area,
    counted.indicator_id,
    counted.is_below_target,
    counted.is_worse_than_last_year,
    cast(counted.last_year_value as decimal(18, 6)) as last_year_value,
    counted.last_year_start,
    counted.is_worse_than_benchmarks,
    counted.is_recalled,
    counted.is_added,
    counted.decision_reason
from counted
inner join areas
    on
        counted.as_at = areas.as_at
        and counted.geography_code = areas.geography_code
        and counted.area = areas.area
where areas.area_rank <= 5
