-- per edition and indicator the newest figure of each kind of period that had ended by the as-at
with editions as (
    select * from {{ ref('int_editions') }}
),

kpi as (
    select * from {{ ref('int_kpi') }}
    where status in ('ok', 'no_cases', 'provisional') and breakdown = 'total'
),

ranked as (
    select
        editions.as_at,
        kpi.*,
        case when kpi.period_type like '%_year' then 'year' else kpi.period_type end as kind,
        row_number() over (
            partition by editions.geography_code, editions.as_at, kpi.indicator_id, kpi.period_type
            order by kpi.period_end desc
        ) as newest_first
    from editions
    inner join kpi
        on
            editions.geography_code = kpi.geography_code
            and editions.as_at >= kpi.period_end
    where kpi.period_type not in ('rolling_12m', 'calendar_year')
)

select *
from ranked
where newest_first = 1
