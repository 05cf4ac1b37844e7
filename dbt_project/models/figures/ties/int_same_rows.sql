with weighed as (
    select * from {{ ref('int_weighed_events') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

indicator_months as (
    select * from {{ ref('int_indicator_months') }}
),

months as (
    select
        indicator_id,
        breakdown,
        breakdown_value,
        month_start,
        month_end,
        row_number() over (
            partition by indicator_id, breakdown, breakdown_value order by month_start desc
        ) as newest_first
    from indicator_months
),

-- a definition is the same in every month: the newest twelve that have rows say it
recent as (
    select weighed.*
    from weighed
    inner join months
        on
            weighed.indicator_id = months.indicator_id
            and weighed.breakdown = months.breakdown
            and weighed.breakdown_value = months.breakdown_value
            and weighed.indicator_date >= months.month_start
            and weighed.indicator_date <= months.month_end
    where months.newest_first <= 12
),

sides as (
    select 'n' as side
    union all
    select 'm' as side
    union all
    select 'd' as side
),

sizes as (
    select
        recent.indicator_id,
        recent.breakdown,
        recent.breakdown_value,
        sides.side,
        sum(
            case sides.side
                when 'n' then case when recent.n > 0 then 1 else 0 end
                when 'm' then case when recent.m > 0 then 1 else 0 end
                else case when recent.d > 0 then 1 else 0 end
            end
        ) as side_rows
    from recent
    cross join sides
    group by recent.indicator_id, recent.breakdown, recent.breakdown_value, sides.side
),

matched as (
    select
        recent.indicator_id,
        recent.breakdown,
        recent.breakdown_value,
        others.indicator_id as other_indicator_id,
        others.breakdown as other_breakdown,
        others.breakdown_value as other_breakdown_value,
        sum(case when recent.n > 0 and others.n >= recent.n then 1 else 0 end) as both_nn,
        sum(case when recent.n > 0 and others.m >= recent.n then 1 else 0 end) as both_nm,
        sum(case when recent.n > 0 and others.d >= recent.n then 1 else 0 end) as both_nd,
        sum(case when recent.m > 0 and others.n >= recent.m then 1 else 0 end) as both_mn,
        sum(case when recent.m > 0 and others.m >= recent.m then 1 else 0 end) as both_mm,
        sum(case when recent.m > 0 and others.d >= recent.m then 1 else 0 end) as both_md,
        sum(case when recent.d > 0 and others.n >= recent.d then 1 else 0 end) as both_dn,
        sum(case when recent.d > 0 and others.m >= recent.d then 1 else 0 end) as both_dm,
        sum(case when recent.d > 0 and others.d >= recent.d then 1 else 0 end) as both_dd
    from recent
    inner join weighed as others
        on recent.subject_id = others.subject_id and recent.indicator_date = others.indicator_date
    where
        recent.indicator_id <> others.indicator_id
        or recent.breakdown <> others.breakdown
        or recent.breakdown_value <> others.breakdown_value
    group by
        recent.indicator_id,
        recent.breakdown,
        recent.breakdown_value,
        others.indicator_id,
        others.breakdown,
        others.breakdown_value
)

select
    matched.indicator_id,
    matched.breakdown,
    matched.breakdown_value,
    sizes.side,
    matched.other_indicator_id,
    matched.other_breakdown,
    matched.other_breakdown_value,
    other_sides.side as other_side
from matched
inner join sizes
    on
        matched.indicator_id = sizes.indicator_id
        and matched.breakdown = sizes.breakdown
        and matched.breakdown_value = sizes.breakdown_value
inner join indicators on matched.other_indicator_id = indicators.indicator_id
cross join sides as other_sides
where
    sizes.side_rows > 0
    and case when other_sides.side = 'd' or indicators.unit <> 'percent' then {{ nearly_all() }} else 1 end
    * sizes.side_rows
    <= case
        when sizes.side = 'n' and other_sides.side = 'n' then matched.both_nn
        when sizes.side = 'n' and other_sides.side = 'm' then matched.both_nm
        when sizes.side = 'n' then matched.both_nd
        when sizes.side = 'm' and other_sides.side = 'n' then matched.both_mn
        when sizes.side = 'm' and other_sides.side = 'm' then matched.both_mm
        when sizes.side = 'm' then matched.both_md
        when other_sides.side = 'n' then matched.both_dn
        when other_sides.side = 'm' then matched.both_dm
        else matched.both_dd
    end
